"""Rows by series: whether they already are in the order of their times, and where they go."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels import INT32S, INT64S, kernel

__all__ = ["is_ordered", "series_places"]

_IS_ORDERED: Any = types.boolean(INT32S, INT64S, types.int64)
_SERIES_PLACES: Any = types.int32[::1](INT32S, INT64S)


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


def _series_places_plain(series: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    places = np.empty(len(series), np.int32)
    places[np.argsort(series, kind="stable")] = np.arange(len(series))
    return places


@kernel(_SERIES_PLACES, twin=_series_places_plain)
def series_places(series: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    """(rows,) where each row (of fewer than 2**31) goes for the rows to lie by series in the order they had.

    Those of a series begin at ``starts`` there.
    """
    next_place = starts.copy()
    places = np.empty(series.size, np.int32)
    for row in range(series.size):
        places[row] = next_place[series[row]]
        next_place[series[row]] += 1
    return places
