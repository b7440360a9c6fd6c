"""Values on a grid to the answer of a metric query: sorted, within the series limit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from logql.evaluate.constant import constant_series
from logql.requests import InstantQuery, RangeQuery
from logql.results import Answer, Matrix, Scalar, Series, Stats, Vector
from logql.samples.grid import Grid
from logql.samples.series_set import SeriesSet
from logql.series_limit import TooManySeries, reached

__all__ = ["instant_answer", "range_answer"]


def range_answer(
    value: SeriesSet | float, grid: Grid, asked: RangeQuery, stats: Stats, warnings: Sequence[str] = ()
) -> Answer:
    """A matrix; a number is a series without labels. ``warnings``: what is to be said besides."""
    series = value if isinstance(value, SeriesSet) else constant_series(value, grid)
    order, limited = _limited(series, asked, keeps_order=False)
    runs = (list(run) for _, run in groupby(order, key=series.labels.__getitem__))
    return Answer(Matrix([_printed(series, run, grid.ts_ms) for run in runs]), stats, (*warnings, *limited))


def instant_answer(
    value: SeriesSet | float,
    grid: Grid,
    asked: InstantQuery,
    stats: Stats,
    warnings: Sequence[str] = (),
    *,
    keeps_order: bool,
) -> Answer:
    """A vector by label set (or, asked to, in the order that ``value`` has), or the number itself."""
    ts_ms = int(grid.ts_ms[0])
    if not isinstance(value, SeriesSet):
        return Answer(Scalar(ts_ms, value), stats)
    order, limited = _limited(value, asked, keeps_order)
    samples = [(value.labels[i], float(value.values[i, 0])) for i in order]
    return Answer(Vector(ts_ms, samples), stats, (*warnings, *limited))


def _printed(series: SeriesSet, run: Sequence[int], ts_ms: NDArray[np.int64]) -> Series:
    """Series with equal labels are printed as one, which then has two samples of one time."""
    present = series.present[run]
    points, members = np.nonzero(present.T)
    return Series(series.labels[run[0]], ts_ms[points], series.values[run][members, points])


def _limited(
    series: SeriesSet, asked: RangeQuery | InstantQuery, keeps_order: bool
) -> tuple[list[int], tuple[str, ...]]:
    """The series to print, and what to warn of."""
    order = sorted(range(len(series)), key=series.labels.__getitem__)
    limit = asked.limits.max_query_series
    warnings: tuple[str, ...] = ()
    if limit and len(series) > limit and len(set(series.labels)) > limit:
        if not asked.partial_series:
            raise TooManySeries(limit)
        order, warnings = order[:limit], (reached(limit) + "returning partial results",)
    return sorted(order) if keeps_order else order, warnings
