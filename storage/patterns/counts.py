"""How many rows of a chunk are of which pattern, by stream, level and stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PATTERNS", "PatternCells", "PatternCounts"]

PATTERNS = "patterns"  # the section's name


@dataclass(frozen=True, slots=True)
class PatternCells:
    """Columns of (cells,) int32, ordered by stream, pattern, level and bucket; no two agree in all four.

    level    -1 where rows have none
    bucket   the rows' times divided by the length of a bucket, rounded down
    entries  rows
    """

    stream: NDArray[np.int32]
    pattern: NDArray[np.int32]
    level: NDArray[np.int32]
    bucket: NDArray[np.int32]
    entries: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.stream)

    def select(self, chosen: NDArray[np.bool_]) -> PatternCells:
        return PatternCells(
            self.stream[chosen], self.pattern[chosen], self.level[chosen], self.bucket[chosen], self.entries[chosen]
        )

    def coarser(self, factor: int) -> PatternCells:
        """With buckets ``factor`` times as long."""
        if not len(self):
            return self
        bucket = self.bucket // np.int32(factor)
        keys = (self.stream, self.pattern, self.level, bucket)
        is_first = np.append(True, np.logical_or.reduce([key[1:] != key[:-1] for key in keys]))
        starts = np.flatnonzero(is_first)
        entries = np.add.reduceat(self.entries, starts, dtype=np.int32)
        return PatternCells(self.stream[starts], self.pattern[starts], self.level[starts], bucket[starts], entries)


@dataclass(frozen=True, slots=True)
class PatternCounts:
    """The rows of a source. ``cells`` index ``patterns`` and ``levels``; rows of no kept pattern are in none."""

    patterns: Sequence[str]
    levels: Sequence[str]
    bucket_ns: int
    cells: PatternCells
