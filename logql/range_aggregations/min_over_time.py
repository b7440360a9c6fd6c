"""``min_over_time``: the smallest sample; NaN only where there is nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.kernels import window_minima
from logql.range_aggregations.windowed import Windowed

__all__ = ["min_over_time"]


def min_over_time(windows: Windowed) -> NDArray[np.float64]:
    return window_minima(windows.values, windows.low, windows.high)
