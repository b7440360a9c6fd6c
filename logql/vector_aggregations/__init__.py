"""Aggregations over series, one file each: the samples of a group at each point become one sample.

Each takes ``values`` and ``present`` of (series, points) and answers (points,) values; a point where no series of the
group is present is dropped by the caller. Adding one is adding a file and a line in ``REDUCERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from logql.ast import VectorAggregationFunction
from logql.vector_aggregations.avg import avg
from logql.vector_aggregations.count import count
from logql.vector_aggregations.max import maximum
from logql.vector_aggregations.min import minimum
from logql.vector_aggregations.sum import total

__all__ = ["REDUCERS", "Reducer"]

Reducer = Callable[[NDArray[np.float64], NDArray[np.bool_]], NDArray[np.float64]]

REDUCERS: Mapping[VectorAggregationFunction, Reducer] = {
    VectorAggregationFunction.AVG: avg,
    VectorAggregationFunction.COUNT: count,
    VectorAggregationFunction.MAX: maximum,
    VectorAggregationFunction.MIN: minimum,
    VectorAggregationFunction.SUM: total,
}
