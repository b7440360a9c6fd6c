"""``max_over_time``: the largest sample; NaN only where there is nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.kernels import window_maxima
from logql.range_aggregations.windowed import Windowed

__all__ = ["max_over_time"]


def max_over_time(windows: Windowed) -> NDArray[np.float64]:
    return window_maxima(windows.values, windows.low, windows.high)
