"""``sum_over_time``: the sum of the samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.kernels import window_sums
from logql.range_aggregations.windowed import Windowed

__all__ = ["sum_over_time"]


def sum_over_time(windows: Windowed) -> NDArray[np.float64]:
    return window_sums(windows.values, windows.low, windows.high)
