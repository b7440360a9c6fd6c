"""Values on a grid to the answer of a metric query: sorted, within the series limit."""

from __future__ import annotations

import math

from logql.errors import LimitExceeded
from logql.evaluate.constant import constant_series
from logql.requests import InstantQuery, RangeQuery
from logql.results import Answer, Matrix, Scalar, Series, Stats, Vector
from logql.samples.grid import Grid
from logql.samples.series_set import SeriesSet

__all__ = ["instant_answer", "range_answer"]


def range_answer(value: SeriesSet | float, grid: Grid, asked: RangeQuery, stats: Stats) -> Answer:
    """A matrix; a number is a series without labels."""
    series = value if isinstance(value, SeriesSet) else constant_series(value, grid)
    order, warnings = _limited(series, asked)
    ts_ms = grid.ts_ms
    printed = [Series(series.labels[i], ts_ms[series.present[i]], series.values[i][series.present[i]]) for i in order]
    return Answer(Matrix(printed), stats, warnings)


def instant_answer(value: SeriesSet | float, grid: Grid, asked: InstantQuery, stats: Stats) -> Answer:
    """A vector, or the number itself."""
    ts_ms = int(grid.ts_ms[0])
    if not isinstance(value, SeriesSet):
        return Answer(Scalar(ts_ms, value), stats)
    order, warnings = _limited(value, asked)
    return Answer(Vector(ts_ms, [(value.labels[i], float(value.values[i, 0])) for i in order]), stats, warnings)


def _limited(series: SeriesSet, asked: RangeQuery | InstantQuery) -> tuple[list[int], tuple[str, ...]]:
    """The series to print, by label set, and what to warn of."""
    order = sorted(range(len(series)), key=series.labels.__getitem__)
    limit = asked.limits.max_query_series or math.inf
    if len(order) <= limit:
        return order, ()
    text = f"maximum number of series ({limit}) reached for a single query; "
    if asked.partial_series:
        return order[: int(limit)], (text + "returning partial results",)
    raise LimitExceeded(
        text + "consider reducing query cardinality by adding more specific stream selectors, reducing the time range, "
        "or aggregating results with functions like sum(), count() or topk()"
    )
