"""Samples to series on the grid: a function over each window, in tasks for all cores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.ast import RangeAggregation
from logql.evaluate.context import Context
from logql.range_aggregations import SAMPLE_FUNCTIONS, Windowed
from logql.samples.kernels import window_bounds
from logql.samples.sample_table import SampleTable
from logql.samples.series_set import SeriesSet

__all__ = ["window_values"]

_CELL_BYTES = 9  # a value, and whether it is there
_TASK_WINDOWS = 1 << 15
_TASKS = 8  # at least, where there are that many windows: one long series must not keep one core busy alone


@dataclass(frozen=True, slots=True)
class _Task:
    """Some series at some points."""

    series: slice
    points: slice


def window_values(expr: RangeAggregation, table: SampleTable, context: Context) -> SeriesSet:
    """The series of ``table`` with the function of ``expr`` at each point."""
    function, log_range = SAMPLE_FUNCTIONS[expr.function], expr.log_range
    shape = (len(table.labels), context.grid.points)
    context.budget.reserve(shape[0] * shape[1] * _CELL_BYTES, f"{shape[0]} series of {shape[1]} points")
    values, present = np.zeros(shape), np.zeros(shape, np.bool_)
    ends = context.grid.window_ends(log_range)

    def fill(task: _Task) -> None:
        low, high = _bounds(table, task, ends[task.points], context.grid.reach_ns(log_range))
        windows = Windowed(table.ts, table.values, low.reshape(-1), high.reshape(-1), log_range.range_ns, parameter)
        values[task.series, task.points] = function(windows).reshape(low.shape)
        present[task.series, task.points] = high > low

    parameter = 0.0 if expr.parameter is None else expr.parameter
    if len(table.ts):
        context.workers.run(_tasks(*shape), fill, context.cancel)
    return SeriesSet.of(table.labels, values, present)


def _bounds(
    table: SampleTable, task: _Task, ends: NDArray[np.int64], range_ns: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    starts = table.starts[task.series.start : task.series.stop + 1]
    low, high = window_bounds(table.ts, starts, ends, range_ns)
    return low, high


def _tasks(series: int, points: int) -> list[_Task]:
    size = max(1, min(_TASK_WINDOWS, series * points // _TASKS))
    rows = max(1, min(series, size // points))
    columns = min(points, max(1, size // rows))
    return [
        _Task(slice(first, min(first + rows, series)), slice(begin, min(begin + columns, points)))
        for first in range(0, series, rows)
        for begin in range(0, points, columns)
    ]
