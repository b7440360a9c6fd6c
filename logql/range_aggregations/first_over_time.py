"""``first_over_time``: the first sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.windowed import Windowed

__all__ = ["first_over_time"]


def first_over_time(windows: Windowed) -> NDArray[np.float64]:
    return windows.values[np.minimum(windows.low, len(windows.values) - 1)]
