"""Which samples each evaluation point sees."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels import INT64S, kernel

__all__ = ["window_bounds"]

_SIGNATURE: Any = types.int64[:, :, ::1](INT64S, INT64S, INT64S, types.int64)


def _window_bounds_plain(
    ts: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64], range_ns: int
) -> NDArray[np.int64]:
    bounds = np.empty((2, len(starts) - 1, len(ends)), np.int64)
    for number in range(len(starts) - 1):
        own = ts[starts[number] : starts[number + 1]]
        bounds[0, number] = starts[number] + np.searchsorted(own, ends - range_ns, "right")
        bounds[1, number] = starts[number] + np.searchsorted(own, ends, "right")
    return bounds


@kernel(_SIGNATURE, twin=_window_bounds_plain)
def window_bounds(
    ts: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64], range_ns: int
) -> NDArray[np.int64]:
    """(2, series, points): the samples [low, high) with ``end - range < ts <= end``.

    The samples [starts[i], starts[i + 1]) are series i, ascending in ``ts``; ``ends`` (points,) ascend, too.
    """
    bounds = np.empty((2, starts.size - 1, ends.size), np.int64)
    for number in range(starts.size - 1):
        low, high, after = starts[number], starts[number], starts[number + 1]
        for point in range(ends.size):
            while high < after and ts[high] <= ends[point]:
                high += 1
            while low < high and ts[low] <= ends[point] - range_ns:
                low += 1
            bounds[0, number, point] = low
            bounds[1, number, point] = high
    return bounds
