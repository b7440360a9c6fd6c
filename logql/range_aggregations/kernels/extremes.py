"""Smallest and largest samples of windows; NaN only where there is nothing else."""

from __future__ import annotations

import math

import numpy as np

from logql.range_aggregations.kernels.signature import WINDOW_VALUES, Floats, Integers, windows_of
from storage.kernels import kernel

__all__ = ["window_maxima", "window_minima"]


def _window_minima_plain(values: Floats, low: Integers, high: Integers) -> Floats:
    windows = ([value for value in window if value == value] for window in windows_of(values, low, high))
    return np.array([min(window, default=math.nan) for window in windows], np.float64)


def _window_maxima_plain(values: Floats, low: Integers, high: Integers) -> Floats:
    windows = ([value for value in window if value == value] for window in windows_of(values, low, high))
    return np.array([max(window, default=math.nan) for window in windows], np.float64)


@kernel(WINDOW_VALUES, twin=_window_minima_plain)
def window_minima(values: Floats, low: Integers, high: Integers) -> Floats:
    minima = np.empty(low.size, np.float64)
    for window in range(low.size):
        smallest = np.nan
        for sample in range(low[window], high[window]):
            if values[sample] < smallest or smallest != smallest:
                smallest = values[sample]
        minima[window] = smallest
    return minima


@kernel(WINDOW_VALUES, twin=_window_maxima_plain)
def window_maxima(values: Floats, low: Integers, high: Integers) -> Floats:
    maxima = np.empty(low.size, np.float64)
    for window in range(low.size):
        largest = np.nan
        for sample in range(low[window], high[window]):
            if values[sample] > largest or largest != largest:
                largest = values[sample]
        maxima[window] = largest
    return maxima
