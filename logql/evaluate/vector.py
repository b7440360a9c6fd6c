"""Vector aggregations: series with the same key become one, or the best of them are selected."""

from __future__ import annotations

import numpy as np

from logql.ast import VectorAggregation
from logql.evaluate.groups import numbers_by_key
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet
from logql.vector_aggregations import REDUCERS, SELECTORS, Reducer

__all__ = ["vector_aggregation"]


def vector_aggregation(expr: VectorAggregation, series: SeriesSet) -> SeriesSet:
    """``expr`` over the series that its inner expression gave."""
    key = LabelKey.of(expr.grouping)
    select = SELECTORS.get(expr.function)
    if select is None:
        return _reduced(REDUCERS[expr.function], series, key)
    groups = list(numbers_by_key(series.labels, key).values())
    return select(series, groups, int(expr.parameter or 0))


def _reduced(reduce: Reducer, series: SeriesSet, key: LabelKey) -> SeriesSet:
    members = numbers_by_key(series.labels, key)
    if not members:
        return series
    groups = list(members.values())
    values = np.stack([reduce(series.values[group], series.present[group]) for group in groups])
    present = np.stack([series.present[group].any(axis=0) for group in groups])
    return SeriesSet.of(members, values, present)
