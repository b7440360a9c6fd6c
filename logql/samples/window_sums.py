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
from logql.samples.kernels import add_to_windows
from logql.samples.series_numbers import SeriesNumbers
from storage.labels import Labels

__all__ = ["WindowSums"]

_ONES = np.zeros(0, np.int64)


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

    def add(
        self,
        ts: NDArray[np.int64],
        groups: RowGroups,
        weights: NDArray[np.int64] | None,
        entries: NDArray[np.int64] | None = None,
    ) -> None:
        """Rows with their times, series and (where this weighs) weights; some point sees each of them.

        A row stands for as many ``entries``, of which the weight is the sum; None means for one each.
        """
        origin_ns = int(self._grid.window_ends(self._log_range)[0])
        range_ns = self._grid.reach_ns(self._log_range)
        with self._lock:
            where = ts, groups.group, self._numbers_of(groups)
            amounts = _ONES if entries is None else entries
            add_to_windows(*where, amounts, origin_ns, self._grid.step_ns, range_ns, self._counts)
            if weights is not None:
                add_to_windows(*where, weights, origin_ns, self._grid.step_ns, range_ns, self._sums)

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


def _grown(table: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    grown = np.zeros((rows, table.shape[1]), np.int64)
    grown[: len(table)] = table
    return grown
