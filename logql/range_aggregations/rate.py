"""``rate``: entries, or what is unwrapped from them, per second of the nominal range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.sum_over_time import sum_over_time
from logql.range_aggregations.window_function import WindowFunction
from logql.range_aggregations.windowed import Windowed

__all__ = ["RATE", "rate_of_samples"]

RATE = WindowFunction(weighs_bytes=False, per_second=True)


def rate_of_samples(windows: Windowed) -> NDArray[np.float64]:
    return sum_over_time(windows) / windows.range_s
