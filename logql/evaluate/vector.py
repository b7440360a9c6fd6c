"""Vector aggregations: series with the same key become one."""

from __future__ import annotations

import numpy as np

from logql.ast import VectorAggregationFunction
from logql.errors import NotBuilt
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet
from logql.vector_aggregations import REDUCERS
from storage.labels import Labels

__all__ = ["reduced"]


def reduced(function: VectorAggregationFunction, series: SeriesSet, key: LabelKey) -> SeriesSet:
    """``function`` over each group of ``series``."""
    reduce = REDUCERS.get(function)
    if reduce is None:
        raise NotBuilt(function.value)
    members: dict[Labels, list[int]] = {}
    for number, labels in enumerate(series.labels):
        members.setdefault(key.project(labels), []).append(number)
    if not members:
        return series
    groups = list(members.values())
    values = np.stack([reduce(series.values[group], series.present[group]) for group in groups])
    present = np.stack([series.present[group].any(axis=0) for group in groups])
    return SeriesSet.of(members, values, present)
