"""``rate_counter``: how fast a counter grows per second, seeing through resets to 0; 0 for one sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.kernels import window_counter_rates
from logql.range_aggregations.windowed import Windowed

__all__ = ["rate_counter"]


def rate_counter(windows: Windowed) -> NDArray[np.float64]:
    return window_counter_rates(windows.values, windows.ts, windows.low, windows.high, windows.range_s)
