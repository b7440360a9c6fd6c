"""Rates of counters that may be reset to 0.

As the reference does, times are taken in microseconds where the length of the range is taken in seconds, which makes
the extrapolation to the edges of the window nearly nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import types

from logql.range_aggregations.kernels.signature import FLOAT64S, Floats, Integers, windows_of
from storage.kernels import INT64S, kernel

__all__ = ["window_counter_rates"]

_SIGNATURE: Any = types.float64[::1](FLOAT64S, INT64S, INT64S, INT64S, types.float64)


def _window_counter_rates_plain(values: Floats, ts: Integers, low: Integers, high: Integers, range_s: float) -> Floats:
    windows = zip(windows_of(values, low, high), low.tolist(), high.tolist(), strict=True)
    rates = [_rate(window, int(ts[b - 1] - ts[a]) if b > a else 0, range_s) for window, a, b in windows]
    return np.array(rates, np.float64)


def _rate(window: list[float], sampled_ns: int, range_s: float) -> float:
    if len(window) < 2:
        return 0.0
    increase = window[-1] - window[0]
    previous = 0.0
    for value in window:
        increase += previous if value < previous else 0.0
        previous = value
    sampled = sampled_ns / 1000
    if sampled == 0:
        return math.nan
    average = sampled / (len(window) - 1)
    to_start = range_s
    if increase > 0 and window[0] >= 0:
        to_start = min(to_start, sampled * (window[0] / increase))
    reached = sampled + (to_start if to_start < average * 1.1 else average / 2)
    return increase * (reached / sampled) / range_s


@kernel(_SIGNATURE, twin=_window_counter_rates_plain)
def window_counter_rates(values: Floats, ts: Integers, low: Integers, high: Integers, range_s: float) -> Floats:
    """``ts`` (samples,) in ns, ``range_s`` above 0. NaN where all samples of a window have one time."""
    rates = np.zeros(low.size, np.float64)
    for window in range(low.size):
        first, last = low[window], high[window] - 1
        if last <= first:
            continue
        increase = values[last] - values[first]
        previous = 0.0
        for sample in range(first, last + 1):
            if values[sample] < previous:
                increase += previous
            previous = values[sample]
        sampled = np.float64(ts[last] - ts[first]) / 1000
        average = sampled / np.float64(last - first)
        to_start = range_s
        if increase > 0 and values[first] >= 0:
            to_zero = sampled * (values[first] / increase)
            if to_zero < to_start:
                to_start = to_zero
        reached = sampled + (to_start if to_start < average * 1.1 else average / 2)
        rates[window] = increase * (reached / sampled) / range_s if sampled > 0 else np.nan
    return rates
