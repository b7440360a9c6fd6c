"""Makes the patterns of a part while it is written, or when its index is made again, within bounds.

Too many cells become fewer by longer buckets; of too many patterns the rarest go. A part of which even the longest
buckets are too many keeps nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from storage.batch import Batch
from storage.counts import LEVEL
from storage.patterns.counts import PatternCells
from storage.patterns.miner import LineMiner
from storage.patterns.section import PartPatterns

__all__ = ["PatternsBuilder"]

_BUCKETS_S = (10, 60, 300, 1800, 3600)  # each divides the next
_NS = 1_000_000_000
_ROWS_PER_CELL, _CELLS_OF_FEW_ROWS = 16, 256
_WAITING_CELLS = 65_536  # beyond the bound while rows come: buckets that have become long do not become short again
_ROWS_PER_TEXT_BYTE, _TEXT_BYTES_OF_FEW_ROWS = 16, 4096
_MAX_LEVELS = 256  # of a part; clients may call anything a level
_NONE = np.empty(0, np.int32)


class PatternsBuilder:
    """A ``SectionBuilder``."""

    def __init__(self, miner: LineMiner) -> None:
        self._miner = miner
        self._chunks: list[PatternCells] = []
        self._levels: dict[str, int] = {}
        self._rows = self._length = 0
        self._is_too_much = False

    def add(self, chunk: Batch) -> None:
        self._rows += len(chunk)
        levels = self._levels_of(chunk)
        self._is_too_much |= len(self._levels) > _MAX_LEVELS
        if self._is_too_much:
            self._chunks.append(PatternCells(_NONE, _NONE, _NONE, _NONE, _NONE))
            return
        pattern = self._miner.add(chunk.line)
        rows = np.flatnonzero(pattern >= 0)
        bucket = (chunk.ts[rows] // (_BUCKETS_S[self._length] * _NS)).astype(np.int32)
        self._chunks.append(_counted(chunk.stream[rows], pattern[rows], levels[rows], bucket))
        self._lengthen(self._most_cells() + _WAITING_CELLS)

    def to_bytes(self) -> bytes:
        written = self._chosen(self._miner.patterns())
        self._renumber(written)
        self._lengthen(self._most_cells())
        patterns, levels = tuple(written.values()), tuple(self._levels)
        if self._is_too_much:
            return PartPatterns((), (), _BUCKETS_S[self._length], (None,) * len(self._chunks)).to_bytes()
        return PartPatterns(patterns, levels, _BUCKETS_S[self._length], tuple(self._chunks)).to_bytes()

    def _most_cells(self) -> int:
        return max(self._rows // _ROWS_PER_CELL, _CELLS_OF_FEW_ROWS)

    def _levels_of(self, chunk: Batch) -> NDArray[np.int32]:
        """(rows,) level codes of the part."""
        column = chunk.metadata.get(LEVEL)
        if column is None:
            return np.full(len(chunk), -1, np.int32)
        used = np.unique(column.codes)
        codes = np.full(len(column.values) + 1, -1, np.int32)
        for code in used[used >= 0].tolist():
            codes[code] = self._levels.setdefault(column.values[code].as_py(), len(self._levels))
        return codes[column.codes]

    def _lengthen(self, most_cells: int) -> None:
        """Take longer buckets until there are at most so many cells."""
        while not self._is_too_much and sum(map(len, self._chunks)) > most_cells:
            if self._length == len(_BUCKETS_S) - 1:
                self._is_too_much = True
                break
            factor = _BUCKETS_S[self._length + 1] // _BUCKETS_S[self._length]
            self._chunks = [cells.coarser(factor) for cells in self._chunks]
            self._length += 1

    def _chosen(self, patterns: Mapping[int, str]) -> dict[int, str]:
        """The patterns of the most rows, as many as may be kept."""
        rows = Counter[int]()
        for cells in self._chunks:
            counts = np.bincount(cells.pattern, cells.entries)
            rows.update({number: int(counts[number]) for number in np.flatnonzero(counts).tolist()})
        left = max(self._rows // _ROWS_PER_TEXT_BYTE, _TEXT_BYTES_OF_FEW_ROWS)
        chosen = {}
        for number in sorted(rows.keys() & patterns.keys(), key=lambda number: (-rows[number], number)):
            left -= len(patterns[number].encode())
            if left < 0:
                break
            chosen[number] = patterns[number]
        return chosen

    def _renumber(self, written: dict[int, str]) -> None:
        """Patterns get their places in ``written`` as numbers; cells of others go."""
        last = max((int(cells.pattern.max()) for cells in self._chunks if len(cells)), default=-1)
        places = np.full(last + 1, -1, np.int32)
        places[list(written)] = np.arange(len(written))
        for number, cells in enumerate(self._chunks):
            place = places[cells.pattern]
            moved = PatternCells(cells.stream, place, cells.level, cells.bucket, cells.entries)
            self._chunks[number] = _sorted(moved.select(place >= 0))


def _counted(
    stream: NDArray[np.int32], pattern: NDArray[np.int32], level: NDArray[np.int32], bucket: NDArray[np.int32]
) -> PatternCells:
    """Cells of rows."""
    rows = PatternCells(stream, pattern, level, bucket, np.ones(len(stream), np.int32))
    return _sorted(rows).coarser(1)


def _sorted(cells: PatternCells) -> PatternCells:
    order = np.lexsort((cells.bucket, cells.level, cells.pattern, cells.stream))
    return PatternCells(
        cells.stream[order], cells.pattern[order], cells.level[order], cells.bucket[order], cells.entries[order]
    )
