"""``| json a="o.k[0]"`` on one line.

The reference looks for keys wherever they stand and cares little about what is between them: the walk counts braces
and passes over what it does not know, so that broken lines still give the values that can be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TypeAlias

from logql.cancel import check_query
from logql.parsers.json_text import (
    MALFORMED,
    NO_ARRAY_END,
    Blocks,
    JsonDefect,
    Kind,
    Value,
    after_blanks,
    array_end,
    elements,
    key_text,
    members,
    string_close,
    value_at,
    value_text,
)
from logql.parsers.rows import Row

__all__ = ["Path", "path_row"]

_STEPS_BETWEEN_CHECKS = 4096
Path: TypeAlias = tuple[str | int, ...]


def path_row(line: bytes, paths: Mapping[str, Path]) -> Row:
    """The value at each path, by name. A line that begins like no JSON has an error without details."""
    if not line:
        return Row()
    if line[:1] not in (b'"', b"{", b"["):
        return Row(has_error=True)
    walk = _Walk(line, paths.values())
    walk.run()
    labels = {name: walk.texts[path] for name, path in paths.items() if path in walk.texts}
    return Row(labels, walk.error, walk.error is not None, is_complete=len(labels) == len(paths))


class _Stop(Exception):
    """There is no more to find, or no way to go on."""


class _Walk:
    """``texts``: what was found, by path; ``error``: the last value that could not be read."""

    def __init__(self, line: bytes, paths: Iterable[Path]) -> None:
        self.texts: dict[Path, str] = {}
        self.error: str | None = None
        self._line = line
        self._blocks = Blocks(line)
        self._open = set(paths)
        self._keys = [""] * max(map(len, self._open))  # by depth, what leads to where the walk is
        self._depth = 0

    def run(self) -> None:
        position, steps = 0, 0
        try:
            while position < len(self._line):
                position = self._step(position)
                steps += 1
                if not steps % _STEPS_BETWEEN_CHECKS:
                    check_query()
        except _Stop:
            return

    def _step(self, position: int) -> int:
        """Read on from one symbol; answers where the next one may be."""
        symbol = self._line[position : position + 1]
        if symbol == b'"':
            return self._string(position)
        if symbol == b"[":
            return self._array(position)
        self._depth += (symbol == b"{") - (symbol in (b"}", b"]"))
        return position + 1

    def _string(self, start: int) -> int:
        """A string is a key where a colon follows."""
        close = string_close(self._line, start + 1, len(self._line))
        try:
            position = after_blanks(self._line, close + 1, len(self._line), MALFORMED)
            if close < 0 or self._line[position : position + 1] != b":":
                return position if close >= 0 else len(self._line)
            key = key_text(self._line[start + 1 : close])
        except JsonDefect:
            raise _Stop from None
        if self._depth < 1:
            self.error = MALFORMED
            raise _Stop
        if self._depth <= len(self._keys):
            self._keys[self._depth - 1] = key
            self._member(position + 1)
        return position + 1

    def _member(self, position: int) -> None:
        path: Path = tuple(self._keys[: self._depth])
        if path not in self._open:
            return
        try:
            start = after_blanks(self._line, position, len(self._line), MALFORMED)
            self._close(path, value_at(self._line, start, len(self._line), self._blocks))
        except JsonDefect as defect:
            self.error = str(defect)
            self._close(path, None)

    def _close(self, path: Path, value: Value | None) -> None:
        """The first occurrence counts, even if there is nothing to be had from it."""
        self._open.discard(path)
        if value is not None:
            self.texts[path] = _text(self._line, value)
        if not self._open:
            raise _Stop

    def _array(self, start: int) -> int:
        """Behind an array where no path goes on, else at what ends it."""
        here = tuple(self._keys[: max(self._depth, 0)])
        wanted = [path for path in self._open if path[: self._depth] == here and _is_index(path, self._depth)]
        if self._depth < 0:
            self.error = MALFORMED
            raise _Stop
        if wanted:
            self._depth += 1
            return self._elements(start, wanted)
        end = array_end(self._line, start, len(self._line))
        return end if end >= 0 else len(self._line)

    def _elements(self, start: int, wanted: list[Path]) -> int:
        line, end, index, position = self._line, len(self._line), 0, start + 1
        try:
            position = after_blanks(line, position, end, NO_ARRAY_END)
            while line[position : position + 1] != b"]":
                value = value_at(line, position, end, self._blocks)
                for path in wanted:
                    if path[self._depth - 1] == index:
                        self._close(path, _inside(line, value, path[self._depth :], self._blocks))
                index, position = index + 1, after_blanks(line, value.stop, end, NO_ARRAY_END)
                if line[position : position + 1] != b",":
                    break
                position = after_blanks(line, position + 1, end, NO_ARRAY_END)
        except JsonDefect:
            return position
        return position


def _is_index(path: Path, depth: int) -> bool:
    return 0 <= depth < len(path) and isinstance(path[depth], int)


def _inside(line: bytes, value: Value, path: Path, blocks: Blocks) -> Value | None:
    """The value at ``path`` below ``value``."""
    found: Value | None = value
    for part in path:
        if found is None:
            return None
        try:
            found = _part(line, found, part, blocks)
        except JsonDefect:
            return None
    return found


def _part(line: bytes, value: Value, part: str | int, blocks: Blocks) -> Value | None:
    if isinstance(part, str):
        inside = members(line, value.start, value.stop, blocks) if value.kind is Kind.OBJECT else iter(())
        return next((member for key, member in inside if key == part), None)
    if value.kind is not Kind.ARRAY:
        return None
    return next(islice(elements(line, value, blocks), part, None), None)


def _text(line: bytes, value: Value) -> str:
    """The label value of any value: objects and arrays as they stand in the line, null as nothing."""
    if value.kind is Kind.NULL:
        return ""
    text = value_text(line, value)
    return line[value.start : value.stop].decode() if text is None else text
