"""Patterns of the parts that were asked for lately, so that the next question need not read them again."""

from __future__ import annotations

from collections.abc import Callable

from storage.patterns.counts import PatternCounts
from storage.shelf import Shelf

__all__ = ["kept_patterns"]

ChunkPatterns = tuple[PatternCounts | None, ...]

_MOST_CELLS = 800_000  # about 16 MB; ten million lines have 300,000 at most
_CELLS_PER_PART = 1000  # what keeping a part costs beside its cells: texts of patterns


def _cells(chunks: ChunkPatterns) -> int:
    return _CELLS_PER_PART + sum(len(each.cells) for each in chunks if each is not None)


_shelf: Shelf[ChunkPatterns] = Shelf(_MOST_CELLS, _cells)


def kept_patterns(owner: object, read: Callable[[], ChunkPatterns]) -> ChunkPatterns:
    """The patterns of each chunk of ``owner``, from ``read`` when they are not in memory."""
    return _shelf.of(owner, read)
