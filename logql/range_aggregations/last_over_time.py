"""``last_over_time``: the last sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.windowed import Windowed

__all__ = ["last_over_time"]


def last_over_time(windows: Windowed) -> NDArray[np.float64]:
    return windows.values[np.maximum(windows.high - 1, 0)]
