"""Running means of windows, in which an infinity stays unless NaN or its opposite comes."""

from __future__ import annotations

import math

import numpy as np

from logql.range_aggregations.kernels.signature import WINDOW_VALUES, Floats, Integers, windows_of
from storage.kernels import kernel

__all__ = ["window_means"]


def _window_means_plain(values: Floats, low: Integers, high: Integers) -> Floats:
    return np.array([_mean(window) for window in windows_of(values, low, high)], np.float64)


def _mean(window: list[float]) -> float:
    mean = 0.0
    for count, value in enumerate(window, start=1):
        if math.isinf(mean) and (value == mean or math.isfinite(value)):
            continue
        mean += value / count - mean / count
    return mean


@kernel(WINDOW_VALUES, twin=_window_means_plain)
def window_means(values: Floats, low: Integers, high: Integers) -> Floats:
    means = np.empty(low.size, np.float64)
    for window in range(low.size):
        mean, count = 0.0, 0.0
        for sample in range(low[window], high[window]):
            value = values[sample]
            count += 1.0
            if math.isinf(mean) and (value == mean or math.isfinite(value)):
                continue
            mean += value / count - mean / count
        means[window] = mean
    return means
