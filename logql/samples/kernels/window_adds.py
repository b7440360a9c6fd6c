"""Adding rows to the points that see them, as differences along the grid."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels import INT64S, kernel

__all__ = ["add_to_windows"]

_SIGNATURE: Any = types.void(INT64S, INT64S, INT64S, INT64S, types.int64, types.int64, types.int64, types.int64[:, ::1])


def _add_to_windows_plain(
    ts: NDArray[np.int64],
    group: NDArray[np.int64],
    numbers: NDArray[np.int64],
    weights: NDArray[np.int64],
    origin_ns: int,
    step_ns: int,
    range_ns: int,
    table: NDArray[np.int64],
) -> None:
    points = table.shape[1] - 1
    first = np.clip(-((origin_ns - ts) // step_ns), 0, points)
    after = np.clip(-((origin_ns - ts - range_ns) // step_ns), 0, points)
    amounts = weights if len(weights) else np.ones(len(ts), np.int64)
    np.add.at(table, (numbers[group], first), amounts)
    np.subtract.at(table, (numbers[group], after), amounts)


@kernel(_SIGNATURE, twin=_add_to_windows_plain)
def add_to_windows(
    ts: NDArray[np.int64],
    group: NDArray[np.int64],
    numbers: NDArray[np.int64],
    weights: NDArray[np.int64],
    origin_ns: int,
    step_ns: int,
    range_ns: int,
    table: NDArray[np.int64],
) -> None:
    """Add each row to ``table`` (series, points + 1) where it is first seen, and take it away where it no longer is.

    A row belongs to the series ``numbers[group]`` and adds its weight, or 1 where there are no ``weights`` at all. The
    point p is at ``origin_ns + p * step_ns`` and sees the ``range_ns`` up to there; the last column is for rows that
    are still seen at the last point.
    """
    points = np.int64(table.shape[1] - 1)
    is_weighed = weights.size > 0
    # Rows come roughly in order of time: most are seen by the same points as the row before.
    low, high, first, after = np.int64(1), np.int64(0), np.int64(0), np.int64(0)
    for row in range(ts.size):
        if not low <= ts[row] <= high:
            since, until = ts[row] - origin_ns, ts[row] - origin_ns + range_ns
            first, after = -(-since // step_ns), -(-until // step_ns)
            # From the row on until one of the two steps on to its next point, and back to where one began.
            ahead = min(first * step_ns - since, after * step_ns - until)
            behind = min(since - (first - 1) * step_ns, until - (after - 1) * step_ns) - 1
            low, high = ts[row] - behind, ts[row] + ahead
            first, after = min(max(first, np.int64(0)), points), min(max(after, np.int64(0)), points)
        series = numbers[group[row]]
        amount = weights[row] if is_weighed else np.int64(1)
        table[series, first] += amount
        table[series, after] -= amount
