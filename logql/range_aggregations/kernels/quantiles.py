"""Quantiles of windows by selection, for windows of moderate size: selecting is quadratic at worst."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit, types

from logql.range_aggregations.kernels.signature import FLOAT64S, Floats, Integers, windows_of
from storage.kernels import INT64S, kernel

__all__ = ["window_quantiles"]

_SIGNATURE: Any = types.float64[::1](FLOAT64S, INT64S, INT64S, types.float64)


def _window_quantiles_plain(values: Floats, low: Integers, high: Integers, q: float) -> Floats:
    return np.array([_quantile(window, q) for window in windows_of(values, low, high)], np.float64)


def _quantile(window: list[float], q: float) -> float:
    if not window:
        return math.nan
    if q < 0 or q > 1:
        return -math.inf if q < 0 else math.inf
    ordered = sorted(window, key=lambda value: (value == value, value))
    rank = q * (len(ordered) - 1)
    lower = math.floor(rank)
    weight = rank - lower
    return ordered[lower] * (1 - weight) + ordered[min(lower + 1, len(ordered) - 1)] * weight


@njit(nogil=True, cache=True, inline="never")
def _select(values: Floats, first: int, last: int, wanted: int) -> None:
    """Reorder [first, last] (no NaN) so that ``wanted`` is where sorting would put it, smaller ones before it."""
    while first < last:
        middle = (first + last) // 2
        a, b, c = values[first], values[middle], values[last]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = first, last
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if wanted <= j:
            last = j
        elif wanted >= i:
            first = i
        else:
            return


@njit(nogil=True, cache=True, inline="never")
def _rank_value(values: Floats, nans: Any, size: Any, wanted: Any) -> Any:
    """The value of rank ``wanted`` among ``nans`` NaN and then the other values; ``size`` is the number of all."""
    if wanted < nans:
        return math.nan
    _select(values, 0, size - nans - 1, wanted - nans)
    return values[wanted - nans]


@kernel(_SIGNATURE, twin=_window_quantiles_plain)
def window_quantiles(values: Floats, low: Integers, high: Integers, q: float) -> Floats:
    """The ``q``-quantile with linear interpolation; NaN counts as the smallest value."""
    answer = np.empty(low.size, np.float64)
    room = np.int64(0)
    for window in range(low.size):
        room = max(room, high[window] - low[window])
    numbers = np.empty(room, np.float64)
    for window in range(low.size):
        size = high[window] - low[window]
        if size == 0 or q < 0 or q > 1:
            answer[window] = np.nan if size == 0 else (-np.inf if q < 0 else np.inf)
            continue
        count = 0
        for sample in range(low[window], high[window]):
            if values[sample] == values[sample]:
                numbers[count] = values[sample]
                count += 1
        rank = q * (size - 1)
        lower = np.int64(math.floor(rank))
        weight = rank - lower
        below = _rank_value(numbers, size - count, size, lower)
        above = _rank_value(numbers, size - count, size, min(lower + 1, size - 1))
        answer[window] = below * (1 - weight) + above * weight
    return answer
