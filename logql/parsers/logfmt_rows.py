"""``| logfmt`` on one line, with and without expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logql.parsers.logfmt_text import LogfmtDefect, pairs
from logql.parsers.names import sanitised
from logql.parsers.rows import Row

__all__ = ["keyed_row", "logfmt_row"]


def logfmt_row(line: bytes, strict: bool, keep_empty: bool, needed: frozenset[str] | None = None) -> Row:
    """All pairs of ``line``, or the needed ones. The first of a name wins; an empty one does, if it is kept at all."""
    labels: dict[str, str] = {}
    for pair in pairs(line):
        if isinstance(pair, LogfmtDefect):
            if strict:
                return Row(labels, str(pair), has_error=True)
            continue
        name = sanitised(pair.key)
        if name and (pair.value or keep_empty) and (needed is None or name in needed):
            labels.setdefault(name, pair.value.replace("\ufffd", " "))
        if needed is not None and len(labels) == len(needed):
            break
    return Row(labels)


def keyed_row(line: bytes, strict: bool, targets: Mapping[str, Sequence[str]]) -> Row:
    """``targets``: the identifiers that take the value of a (sanitised) key. The last pair of a key wins."""
    labels: dict[str, str] = {}
    for pair in pairs(line):
        if isinstance(pair, LogfmtDefect):
            if strict:
                return Row(labels, str(pair), has_error=True)
            continue
        for name in targets.get(sanitised(pair.key), ()):
            labels[name] = "" if "\ufffd" in pair.value else pair.value
    return Row(labels)
