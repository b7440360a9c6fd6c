"""Makes the counts of a part while it is written, or when its index is made again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from storage.batch import Batch, string_buffers
from storage.counts.counts import LEVEL, Cells
from storage.counts.kernels import count_cells
from storage.counts.section import PartCounts

__all__ = ["CountsBuilder"]

_ROWS_PER_CELL = 4  # at least, or counting is not much less work than reading the times
_MAX_LEVELS = 256  # of a chunk; clients may call anything a level

_NO_LEVELS = np.empty(0, np.int32)


class CountsBuilder:
    """A ``SectionBuilder``. Chunks with too many cells, or too many levels, are not counted."""

    def __init__(self) -> None:
        self._chunks: list[Cells | None] = []
        self._levels: dict[str, int] = {}

    def add(self, chunk: Batch) -> None:
        column = chunk.metadata.get(LEVEL)
        if column is not None and len(column.values) > _MAX_LEVELS:
            self._chunks.append(None)
            return
        texts = [] if column is None else column.values.to_pylist()
        level = _NO_LEVELS if column is None else column.codes
        cells = np.empty((1 + len(chunk) // _ROWS_PER_CELL, 5), np.int64)
        offsets, _ = string_buffers(chunk.line)
        count = count_cells(chunk.stream, chunk.ts, level, offsets, len(texts), cells)
        self._chunks.append(None if count < 0 else self._cells(cells[:count], texts))

    def to_bytes(self) -> bytes:
        return PartCounts(tuple(self._levels), tuple(self._chunks)).to_bytes()

    def _cells(self, table: NDArray[np.int64], texts: list[str]) -> Cells:
        """With levels as the part numbers them: those of a chunk need not have the numbers of another."""
        own = table[:, 2]
        numbers = np.full(len(texts) + 1, -1, np.int32)
        for number in np.unique(own[own >= 0]).tolist():
            numbers[number] = self._levels.setdefault(texts[number], len(self._levels))
        stream, minute = (table[:, column].astype(np.int32) for column in (0, 1))
        return Cells(stream, minute, numbers[own], table[:, 3].copy(), table[:, 4].copy())
