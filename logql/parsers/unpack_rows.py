"""``| unpack`` on one line: what an agent packed into an object becomes labels and the line again."""

from __future__ import annotations

from logql.parsers.json_text import Blocks, JsonDefect, Kind, members, value_text
from logql.parsers.names import sanitised
from logql.parsers.rows import Row

__all__ = ["ENTRY", "NOT_PACKED", "unpack_row"]

ENTRY = "_entry"
NOT_PACKED = "expecting json object(6), but it is not"


def unpack_row(line: bytes, needed: frozenset[str] | None = None) -> Row:
    """Nothing changes unless the line is whole and has an entry. The last member of a name wins."""
    if not line:
        return Row()
    if line[:1] != b"{":
        return Row(error=NOT_PACKED, has_error=True)
    try:
        return _unpacked(line, needed)
    except JsonDefect as defect:
        return Row(error=str(defect), has_error=True)


def _unpacked(line: bytes, needed: frozenset[str] | None) -> Row:
    entry: str | None = None
    labels: dict[str, str] = {}
    for key, value in members(line, 0, len(line), Blocks(line)):
        text, name = value_text(line, value), sanitised(key)
        if value.kind is not Kind.STRING or text is None:
            continue
        if key == ENTRY:
            entry = text
        elif name and (needed is None or name in needed):
            labels[name] = text
    return Row() if entry is None else Row(labels, line=entry)
