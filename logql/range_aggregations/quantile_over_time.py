"""``quantile_over_time``: the quantile of the samples, between two of them by linear interpolation."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from logql.range_aggregations.kernels import window_quantiles
from logql.range_aggregations.windowed import Windowed

__all__ = ["quantile_over_time"]

_LARGE = 2048  # samples of a window from which on it is worth a call of its own


def quantile_over_time(windows: Windowed) -> NDArray[np.float64]:
    answer = np.full(len(windows.low), np.nan)
    is_large = windows.high - windows.low > _LARGE
    moderate = ~is_large
    answer[moderate] = window_quantiles(
        windows.values, windows.low[moderate], windows.high[moderate], windows.parameter
    )
    for window in np.flatnonzero(is_large).tolist():
        answer[window] = _quantile(windows.values[windows.low[window] : windows.high[window]], windows.parameter)
    return answer


def _quantile(samples: NDArray[np.float64], q: float) -> float:
    """Of one large window: numpy's selection is linear whatever the samples."""
    if q < 0 or q > 1:
        return -math.inf if q < 0 else math.inf
    rank = q * (len(samples) - 1)
    lower = math.floor(rank)
    weight = rank - lower
    # numpy sorts NaN last; here it counts as the smallest value.
    numbers = samples[~np.isnan(samples)]
    places = np.array([lower, min(lower + 1, len(samples) - 1)]) - (len(samples) - len(numbers))
    if places[1] >= 0:
        numbers.partition(places[places >= 0])
    below, above = (float(numbers[place]) if place >= 0 else math.nan for place in places.tolist())
    return below * (1 - weight) + above * weight
