"""``| json`` on one line: every member, nested ones under the names of all keys that lead to them."""

from __future__ import annotations

from logql.parsers.json_text import Blocks, JsonDefect, Kind, Value, members, value_text
from logql.parsers.names import join_parts, name_part
from logql.parsers.rows import Row

__all__ = ["join_path", "json_row", "leads_to"]


def json_row(line: bytes, needed: frozenset[str] | None = None) -> Row:
    """The labels of ``line`` up to its end, its first defect or the last needed one. The first of a name wins."""
    labels: dict[str, str] = {}
    try:
        _read(line, needed, labels)
    except JsonDefect as defect:
        return Row(labels, str(defect), has_error=True)
    return Row(labels)


def _read(line: bytes, needed: frozenset[str] | None, labels: dict[str, str]) -> None:
    """A loop and not a recursion, since a line may nest as deep as it is long."""
    blocks = Blocks(line)
    opened = [("", members(line, 0, len(line), blocks))]
    while opened and (needed is None or len(labels) < len(needed)):
        prefix, rest = opened[-1]
        key, value = next(rest, (None, None))
        if key is None or value is None:
            opened.pop()
            continue
        path = join_path(prefix, key)
        if value.kind is not Kind.OBJECT:
            _take(line, path, value, needed, labels)
        elif leads_to(path, needed):
            opened.append((path, members(line, value.start, value.stop, blocks)))


def _take(line: bytes, path: str, value: Value, needed: frozenset[str] | None, labels: dict[str, str]) -> None:
    name, text = join_parts(path), value_text(line, value)
    if name and text is not None and (needed is None or name in needed):
        labels.setdefault(name, text)


def join_path(prefix: str, key: str) -> str:
    """The parts of a name up to ``key``; blank ones are left out."""
    part = name_part(key)
    return f"{prefix}_{part}" if prefix and part else prefix or part


def leads_to(prefix: str, needed: frozenset[str] | None) -> bool:
    """Whether the object of this path may hold a needed label."""
    return needed is None or any(name.startswith(join_parts(prefix)) for name in needed)
