"""Sections 6.5 and 6.6: regexp and pattern."""

from __future__ import annotations

import re

from tests.oracle.names import sanitised
from tests.oracle.regexes import compiled
from tests.oracle.row import Row

__all__ = ["parse_pattern", "parse_regexp", "split_pattern"]


def parse_regexp(row: Row, pattern: str) -> None:
    regex = compiled(pattern)
    found = regex.search(row.line)
    if found is None:
        return
    for name, number in sorted(regex.groupindex.items(), key=lambda item: item[1]):
        row.extract(sanitised(name), found.group(number) or "")


def split_pattern(pattern: str) -> list[str]:
    """Literals at even places (the first and the last may be empty), names of captures at odd ones."""
    return re.split(r"<([A-Za-z_][A-Za-z0-9_]*)>", pattern)


def parse_pattern(row: Row, pattern: str) -> None:
    prefix, *rest = split_pattern(pattern)
    if not row.line or not row.line.startswith(prefix):
        return
    text = row.line[len(prefix) :]
    for name, literal in zip(rest[::2], rest[1::2], strict=True):
        place = text.find(literal) if literal else -1
        if name != "_":
            row.extract(name, text if place < 0 else text[:place])
        if place < 0:
            return
        text = text[place + len(literal) :]
