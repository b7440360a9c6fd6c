"""Population variances of windows by Welford's recurrence."""

from __future__ import annotations

import numpy as np

from logql.range_aggregations.kernels.signature import WINDOW_VALUES, Floats, Integers, windows_of
from storage.kernels import kernel

__all__ = ["window_variances"]


def _window_variances_plain(values: Floats, low: Integers, high: Integers) -> Floats:
    return np.array([_variance(window) for window in windows_of(values, low, high)], np.float64)


def _variance(window: list[float]) -> float:
    mean, squares = 0.0, 0.0
    for count, value in enumerate(window, start=1):
        delta = value - mean
        mean += delta / count
        squares += delta * (value - mean)
    return squares / max(len(window), 1)


@kernel(WINDOW_VALUES, twin=_window_variances_plain)
def window_variances(values: Floats, low: Integers, high: Integers) -> Floats:
    variances = np.empty(low.size, np.float64)
    for window in range(low.size):
        mean, squares, count = 0.0, 0.0, 0.0
        for sample in range(low[window], high[window]):
            count += 1.0
            delta = values[sample] - mean
            mean += delta / count
            squares += delta * (values[sample] - mean)
        variances[window] = squares / max(count, 1.0)
    return variances
