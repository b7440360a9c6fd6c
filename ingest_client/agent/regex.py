"""Regular expressions of users, on RE2: linear time, whatever the pattern and the line.

``groups`` gives what a pipeline wants, in one call into RE2: the wrapper's match objects cost four times as much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import re2

__all__ = ["BadRegex", "Regex"]

_GROUP = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+))")
_UNANCHORED = re2._re2.RE2.Anchor.UNANCHORED


class BadRegex(ValueError):
    """RE2 refuses the expression: the text says why."""


class Regex:
    """A compiled expression in Go's syntax."""

    def __init__(self, expression: str) -> None:
        options = re2.Options()
        options.log_errors = False
        try:
            compiled = re2.compile(expression.replace("(?<", "(?P<") if "(?<" in expression else expression, options)
        except re2.error as error:
            raise BadRegex(_explained(expression, error)) from error
        self.expression = expression
        self.names: dict[str, int] = dict(compiled.groupindex)
        self.group_count: int = compiled.groups
        self._match: Callable[[object, bytes, int, int], list[tuple[int, int]]] = compiled._regexp.Match

    def is_in(self, text: str) -> bool:
        """Whether the expression matches anywhere in ``text``."""
        return self.spans(text.encode("utf-8", "replace"), 0) is not None

    def groups(self, text: str) -> dict[str, str | None] | None:
        """The named groups of the first match, None for those that took no part; None without a match."""
        data = text.encode("utf-8", "replace")
        spans = self.spans(data, 0)
        if spans is None:
            return None
        return {name: _text(data, spans[number]) for name, number in self.names.items()}

    def spans(self, data: bytes, start: int) -> list[tuple[int, int]] | None:
        """Byte spans of the whole match and of each group, (-1, -1) for those without part, from ``start`` on."""
        spans = self._match(_UNANCHORED, data, start, len(data))
        return spans if spans[0][0] >= 0 else None

    def expanded(self, template: str, data: bytes, spans: list[tuple[int, int]]) -> str:
        """``$1``, ``${name}`` and ``$$`` of a template replaced; what matched nothing, or is no group, is empty."""

        def group(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            if name is None:
                return "$"
            number = int(name) if name.isdigit() else self.names.get(name, -1)
            return _text(data, spans[number]) or "" if 0 <= number < len(spans) else ""

        return _GROUP.sub(group, template)

    def all_spans(self, data: bytes) -> Iterator[list[tuple[int, int]]]:
        """The spans of every match; an empty match moves on by a character."""
        start = 0
        while start <= len(data) and (spans := self.spans(data, start)) is not None:
            yield spans
            begin, end = spans[0]
            start = end if end > begin else _after(data, end)


def _text(data: bytes, span: tuple[int, int]) -> str | None:
    return None if span[0] < 0 else data[span[0] : span[1]].decode("utf-8", "replace")


def _after(data: bytes, place: int) -> int:
    place += 1
    while place < len(data) and data[place] & 0xC0 == 0x80:
        place += 1
    return place


def _explained(expression: str, error: Exception) -> str:
    cause = error.args[0] if error.args else str(error)
    cause = cause.decode("utf-8", "replace") if isinstance(cause, bytes) else str(cause)
    if any(mark in expression for mark in ("(?=", "(?!", "(?P<=", "(?<=", "(?<!")):
        cause += "; RE2 has no look-around"
    return f"{expression!r}: {cause}"
