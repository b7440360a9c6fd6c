"""``avg_over_time``: the running mean of the samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.kernels import window_means
from logql.range_aggregations.windowed import Windowed

__all__ = ["avg_over_time"]


def avg_over_time(windows: Windowed) -> NDArray[np.float64]:
    return window_means(windows.values, windows.low, windows.high)
