"""Aggregations over series, one file each.

A reducer makes one sample of the samples of a group at each point: it takes ``values`` and ``present`` of (series,
points) and answers (points,) values; a point where no series of the group is present is dropped by the caller.
A selector answers some of the series as they are, or in an order: it takes them, their groups and the parameter.
Adding one is adding a file and a line in ``REDUCERS`` or ``SELECTORS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from logql.ast import VectorAggregationFunction
from logql.samples.series_set import SeriesSet
from logql.vector_aggregations.avg import avg
from logql.vector_aggregations.bottomk import bottomk
from logql.vector_aggregations.count import count
from logql.vector_aggregations.max import maximum
from logql.vector_aggregations.min import minimum
from logql.vector_aggregations.sort import ascending
from logql.vector_aggregations.sort_desc import descending
from logql.vector_aggregations.stddev import stddev
from logql.vector_aggregations.stdvar import stdvar
from logql.vector_aggregations.sum import total
from logql.vector_aggregations.topk import topk

__all__ = ["REDUCERS", "SELECTORS", "Reducer", "Selector"]

Reducer = Callable[[NDArray[np.float64], NDArray[np.bool_]], NDArray[np.float64]]
Selector = Callable[[SeriesSet, Sequence[Sequence[int]], int], SeriesSet]

REDUCERS: Mapping[VectorAggregationFunction, Reducer] = {
    VectorAggregationFunction.AVG: avg,
    VectorAggregationFunction.COUNT: count,
    VectorAggregationFunction.MAX: maximum,
    VectorAggregationFunction.MIN: minimum,
    VectorAggregationFunction.STDDEV: stddev,
    VectorAggregationFunction.STDVAR: stdvar,
    VectorAggregationFunction.SUM: total,
}

# approx_topk may be exact: all series are here anyway.
SELECTORS: Mapping[VectorAggregationFunction, Selector] = {
    VectorAggregationFunction.APPROX_TOPK: topk,
    VectorAggregationFunction.BOTTOMK: bottomk,
    VectorAggregationFunction.SORT: ascending,
    VectorAggregationFunction.SORT_DESC: descending,
    VectorAggregationFunction.TOPK: topk,
}
