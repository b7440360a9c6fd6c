"""Sums of windows: plain addition from the first sample to the last, so that no earlier sample leaves a trace."""

from __future__ import annotations

import numpy as np

from logql.range_aggregations.kernels.signature import WINDOW_VALUES, Floats, Integers, windows_of
from storage.kernels import kernel

__all__ = ["window_sums"]


def _window_sums_plain(values: Floats, low: Integers, high: Integers) -> Floats:
    return np.array([_sum(window) for window in windows_of(values, low, high)], np.float64)


def _sum(window: list[float]) -> float:
    total = 0.0
    for value in window:  # not sum(), which compensates from Python 3.12 on
        total += value
    return total


@kernel(WINDOW_VALUES, twin=_window_sums_plain)
def window_sums(values: Floats, low: Integers, high: Integers) -> Floats:
    sums = np.empty(low.size, np.float64)
    for window in range(low.size):
        total = 0.0
        for sample in range(low[window], high[window]):
            total += values[sample]
        sums[window] = total
    return sums
