"""Counts of the parts that were asked for lately, so that the next query need not read them again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from storage.counts.counts import Counts

__all__ = ["CountsShelf", "kept_counts"]

ChunkCounts = tuple[Counts | None, ...]

_MOST_CELLS = 500_000  # about 16 MB; a million lines of 50 streams in an hour have some 10,000
_CELLS_PER_PART = 100  # what keeping a part costs beside its cells


class _Kept(NamedTuple):
    """``owner`` is held so that its id is not given to another part meanwhile."""

    owner: object
    counts: ChunkCounts
    cells: int


class CountsShelf:
    """Thread-safe. In a race two threads read the counts of one part."""

    def __init__(self, most_cells: int = _MOST_CELLS) -> None:
        self._most_cells, self._cells = most_cells, 0
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, owner: object, read: Callable[[], ChunkCounts]) -> ChunkCounts:
        """The counts of each chunk of ``owner``, from ``read`` when they are not here."""
        with self._lock:
            if id(owner) in self._kept:
                self._kept.move_to_end(id(owner))
                return self._kept[id(owner)].counts
        counts = read()
        self._keep(owner, counts)
        return counts

    def _keep(self, owner: object, counts: ChunkCounts) -> None:
        cells = _CELLS_PER_PART + sum(len(each.entries) for each in counts if each is not None)
        with self._lock:
            if id(owner) in self._kept:
                return
            self._kept[id(owner)] = _Kept(owner, counts, cells)
            self._cells += cells
            while self._cells > self._most_cells and len(self._kept) > 1:
                self._cells -= self._kept.popitem(last=False)[1].cells


_shelf = CountsShelf()


def kept_counts(owner: object, read: Callable[[], ChunkCounts]) -> ChunkCounts:
    """As ``CountsShelf.of``, from the shelf of this process."""
    return _shelf.of(owner, read)
