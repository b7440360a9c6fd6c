"""Patterns: literals and captures, ``<ip> - <_> "<method>"``. Used by ``| pattern`` and by the line filter ``|>``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from logql.limits import MAX_CAPTURES

__all__ = ["Capture", "PatternExpression"]

_EMPTY = "parse error at line 1, col 1: syntax error: unexpected $end, expecting IDENTIFIER or LITERAL"
_CAPTURE = re.compile(r"<([A-Za-z_][A-Za-z0-9_]*)>")


@dataclass(frozen=True, slots=True)
class Capture:
    """``<name>``; ``<_>`` skips text."""

    name: str

    @property
    def is_named(self) -> bool:
        return self.name != "_"

    def __str__(self) -> str:
        return f"<{self.name}>"


@dataclass(frozen=True, slots=True)
class PatternExpression:
    """Literals (never empty, never adjacent) and captures in order; no two captures are adjacent."""

    items: tuple[str | Capture, ...]

    @classmethod
    def for_parser(cls, text: str) -> PatternExpression:
        """For ``| pattern``: named captures, each once. Raises ValueError."""
        if not text:
            raise ValueError(_EMPTY)
        items = _items(text)
        names = [item.name for item in items if isinstance(item, Capture) and item.is_named]
        if not names:
            raise ValueError("at least one capture is required")
        if len(names) > MAX_CAPTURES:
            raise ValueError(f"too many captures: {len(names)}, limit: {MAX_CAPTURES}: write <_> for those not needed")
        _refuse_adjacent(items)
        for place, name in enumerate(names):
            if name in names[:place]:
                raise ValueError(f"duplicate capture name ({name}): invalid expression")
        return cls(items)

    @classmethod
    def for_line_filter(cls, text: str) -> PatternExpression:
        """For ``|>``: nameless captures only. Raises ValueError."""
        items = _items(text)
        for item in items:
            if isinstance(item, Capture) and item.is_named:
                raise ValueError(f"named captures are not allowed: found '{item}'")
        _refuse_adjacent(items)
        return cls(items)


def _items(text: str) -> tuple[str | Capture, ...]:
    """Splitting by the capture gives literals at even places and names at odd ones."""
    parts = _CAPTURE.split(text)
    items = [Capture(part) if place % 2 else part for place, part in enumerate(parts)]
    return tuple(item for item in items if item)


def _refuse_adjacent(items: tuple[str | Capture, ...]) -> None:
    for left, right in pairwise(items):
        if isinstance(left, Capture) and isinstance(right, Capture):
            raise ValueError(f"found consecutive capture '{left}{right}': invalid expression")
