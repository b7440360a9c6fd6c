"""``stdvar_over_time``: the population variance of the samples; 0 for one sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.kernels import window_variances
from logql.range_aggregations.windowed import Windowed

__all__ = ["stdvar_over_time"]


def stdvar_over_time(windows: Windowed) -> NDArray[np.float64]:
    return window_variances(windows.values, windows.low, windows.high)
