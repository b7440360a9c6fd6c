"""Counts of the parts that were asked for lately, so that the next query need not read them again."""

from __future__ import annotations

from collections.abc import Callable

from storage.counts.counts import Counts
from storage.shelf import Shelf

__all__ = ["kept_counts"]

ChunkCounts = tuple[Counts | None, ...]

_MOST_CELLS = 500_000  # about 16 MB; a million lines of 50 streams in an hour have some 10,000
_CELLS_PER_PART = 100  # what keeping a part costs beside its cells


def _cells(counts: ChunkCounts) -> int:
    return _CELLS_PER_PART + sum(len(each.entries) for each in counts if each is not None)


_shelf: Shelf[ChunkCounts] = Shelf(_MOST_CELLS, _cells)


def kept_counts(owner: object, read: Callable[[], ChunkCounts]) -> ChunkCounts:
    """The counts of each chunk of ``owner``, from ``read`` when they are not in memory."""
    return _shelf.of(owner, read)
