"""Counting without reading: chunks whose minutes every window sees whole, or not at all, are counted by their index."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.ast import LogRange
from logql.labels.start import metadata_behind
from logql.samples.grid import Grid
from storage.counts import MINUTE_NS, Counts
from storage.source import Source

__all__ = ["Counting", "Edges"]

_FAR_NS = 4 * 10**18  # no difference of two such times overflows int64


@dataclass(frozen=True, slots=True)
class Edges:
    """Times after which a window begins or ends: ``count`` of them, ``step_ns`` apart."""

    first_ns: int
    step_ns: int
    count: int

    @property
    def last_ns(self) -> int:
        return self.first_ns + (self.count - 1) * self.step_ns

    @property
    def is_near(self) -> bool:
        return self.first_ns > -_FAR_NS and self.last_ns < _FAR_NS

    @property
    def never_split(self) -> bool:
        """Whether all of them lie between two minutes."""
        return self.first_ns % MINUTE_NS == 0 and (self.count == 1 or self.step_ns % MINUTE_NS == 0)

    @property
    def always_split(self) -> bool:
        """Whether one of them lies inside each minute from the first to the last."""
        return self.count > 1 and self.step_ns < MINUTE_NS

    def split(self, minute_ends: NDArray[np.int64]) -> bool:
        """Whether one of them lies inside one of the minutes that end then."""
        return bool((self._up_to(minute_ends - 1) > self._up_to(minute_ends - MINUTE_NS)).any())

    def _up_to(self, ts: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.clip((ts - self.first_ns) // self.step_ns + 1, 0, self.count)


class Counting:
    """For a range without stages. Asks sources for their counts, and tells whether they will do for its windows."""

    def __init__(self, log_range: LogRange, grid: Grid, start_ns: int, names: Collection[str] | None) -> None:
        """``start_ns``: no earlier row is read. ``names``: the labels that are looked at, None for all."""
        self._needed = metadata_behind(names)
        first_ns = grid.start_ns - log_range.offset_ns
        ends = Edges(first_ns, grid.step_ns, grid.points)
        begins = Edges(first_ns - log_range.range_ns, grid.step_ns, grid.points)
        edges = (ends, begins, Edges(start_ns - 1, 1, 1))
        self._edges = [each for each in edges if not each.never_split]
        self._is_hopeless = not all(each.is_near and not each.always_split for each in edges)

    def of(self, source: Source) -> Counts | None:
        """The counts of ``source``; None when only its rows can tell."""
        if self._is_hopeless or source.min_ts < -_FAR_NS or source.max_ts > _FAR_NS:
            return None
        counts = source.counts()
        return counts if counts is not None and self._tells(counts) else None

    def _tells(self, counts: Counts) -> bool:
        """Whether all rows of a cell have the same labels, and are seen by the same windows."""
        if counts.mixed if self._needed is None else counts.mixed & self._needed:
            return False
        return not any(edges.split(counts.cells.ts()) for edges in self._edges)
