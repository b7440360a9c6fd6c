"""Adding up what rows contribute to the points that see them, over all frames of a query.

A row is seen by consecutive points, so it adds its weight at the first and takes it away after the last; the running
sum along the grid is the value at each point. Integers make that exact, whatever the order of rows and frames.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from logql.ast import LogRange
from logql.samples.budget import MemoryBudget
from logql.samples.grid import Grid
from logql.samples.groups import RowGroups
from logql.samples.series_numbers import SeriesNumbers
from storage.labels import Labels

__all__ = ["WindowSums"]

_SPARSE = 1 << 22  # cells of a frame's own table beyond which only the touched ones are added


class WindowSums:
    """Thread-safe. Holds 8 bytes for each point of each series, and for each weighing once more."""

    def __init__(
        self, grid: Grid, log_range: LogRange, weighs: bool, budget: MemoryBudget, max_series: int = 0
    ) -> None:
        self._grid, self._log_range, self._weighs, self._budget = grid, log_range, weighs, budget
        self._width = grid.points + 1
        self._lock = threading.Lock()
        self._numbers = SeriesNumbers(max_series)
        self._counts = np.zeros((0, self._width), np.int64)
        self._sums = np.zeros((0, self._width), np.int64)

    def add(self, ts: NDArray[np.int64], groups: RowGroups, weights: NDArray[np.int64] | None) -> None:
        """Rows with their times, series and (where this weighs) weights."""
        first, after = self._grid.seen_by(ts, self._log_range)
        seen = first < after
        if not seen.all():
            first, after, ts = first[seen], after[seen], ts[seen]
            groups = RowGroups(groups.group[seen], groups.labels)
            weights = None if weights is None else weights[seen]
        if not len(ts):
            return
        with self._lock:
            numbers = self._numbers_of(groups)
        series = numbers[groups.group] * self._width
        with self._lock:
            self._bump(self._counts, series + first, series + after, None)
            if weights is not None:
                self._bump(self._sums, series + first, series + after, weights)

    def result(self) -> tuple[tuple[Labels, ...], NDArray[np.int64], NDArray[np.int64]]:
        """Labels, and by (series, point) how many rows are seen and what they weigh (their number without weights)."""
        rows = len(self._numbers)
        counts = np.cumsum(self._counts[:rows, :-1], axis=1)
        sums = np.cumsum(self._sums[:rows, :-1], axis=1) if self._weighs else counts
        return self._numbers.labels, counts, sums

    def _numbers_of(self, groups: RowGroups) -> NDArray[np.int64]:
        """The number of the series of each group that has rows."""
        numbers = self._numbers.of(groups)
        if len(self._numbers) > len(self._counts):
            self._grow(max(len(self._numbers), 2 * len(self._counts)))
        return numbers

    def _grow(self, rows: int) -> None:
        cells = (rows - len(self._counts)) * self._width
        what = f"{len(self._numbers)} series of {self._grid.points} points"
        self._budget.reserve(cells * 8 * (1 + self._weighs), what)
        self._counts = _grown(self._counts, rows)
        self._sums = _grown(self._sums, rows) if self._weighs else self._sums

    @staticmethod
    def _bump(
        table: NDArray[np.int64], first: NDArray[np.int64], after: NDArray[np.int64], weights: NDArray[np.int64] | None
    ) -> None:
        flat = table.reshape(-1)
        for cells, sign in ((first, 1), (after, -1)):
            low = int(cells.min())
            width = int(cells.max()) - low + 1
            if width > _SPARSE:
                np.add.at(flat, cells, sign if weights is None else sign * weights)
                continue
            # Weights are float64 in bincount: exact, as a frame's lines are far from 2**53 bytes.
            added = np.bincount(cells - low, weights, width).astype(np.int64)
            flat[low : low + width] += sign * added


def _grown(table: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    grown = np.zeros((rows, table.shape[1]), np.int64)
    grown[: len(table)] = table
    return grown
