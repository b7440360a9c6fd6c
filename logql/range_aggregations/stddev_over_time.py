"""``stddev_over_time``: the population standard deviation of the samples; 0 for one sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.stdvar_over_time import stdvar_over_time
from logql.range_aggregations.windowed import Windowed

__all__ = ["stddev_over_time"]


def stddev_over_time(windows: Windowed) -> NDArray[np.float64]:
    return np.sqrt(stdvar_over_time(windows))
