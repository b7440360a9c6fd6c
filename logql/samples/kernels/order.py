"""Rows by series: whether they already are in the order of their times, and where they go."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels import INT32S, INT64S, kernel

__all__ = ["is_ordered", "series_order"]

_IS_ORDERED: Any = types.boolean(INT32S, INT64S, types.int64)
_SERIES_ORDER: Any = types.int64[::1](INT32S, INT64S)


def _is_ordered_plain(series: NDArray[np.int32], ts: NDArray[np.int64], count: int) -> bool:
    newest: dict[int, int] = {}
    for number, time in zip(series.tolist(), ts.tolist(), strict=True):
        if time < newest.get(number, time):
            return False
        newest[number] = time
    return True


@kernel(_IS_ORDERED, twin=_is_ordered_plain)
def is_ordered(series: NDArray[np.int32], ts: NDArray[np.int64], count: int) -> bool:
    """Whether the times of each of the ``count`` series never go back."""
    newest = np.full(count, np.iinfo(np.int64).min, np.int64)
    for row in range(series.size):
        if ts[row] < newest[series[row]]:
            return False
        newest[series[row]] = ts[row]
    return True


def _series_order_plain(series: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array(sorted(range(len(series)), key=series.tolist().__getitem__), np.int64)


@kernel(_SERIES_ORDER, twin=_series_order_plain)
def series_order(series: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(rows,) the rows by series, those of one series in the order they had; its rows begin at ``starts`` there."""
    place = starts.copy()
    rows = np.empty(series.size, np.int64)
    for row in range(series.size):
        rows[place[series[row]]] = row
        place[series[row]] += 1
    return rows
