"""``stddev``: the population standard deviation of the series that have a sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.vector_aggregations.stdvar import stdvar

__all__ = ["stddev"]


def stddev(values: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.sqrt(stdvar(values, present))
