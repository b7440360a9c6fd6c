"""Counting sorted rows by stream, minute and level in one pass."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from storage.counts.minutes import LAST_NS, MINUTE_NS
from storage.kernels import INT32S, INT64S, kernel

__all__ = ["count_cells"]

_TABLE: Any = types.int64[:, ::1]
_SIGNATURE: Any = types.int64(INT32S, INT64S, INT32S, INT32S, types.int64, _TABLE)

Table = NDArray[np.int64]


def _count_cells_plain(
    stream: NDArray[np.int32],
    ts: NDArray[np.int64],
    level: NDArray[np.int32],
    offsets: NDArray[np.int32],
    levels: int,
    cells: Table,
) -> int:
    entries, line_bytes = Counter[tuple[int, int, int]](), Counter[tuple[int, int, int]]()
    sizes = np.diff(offsets).tolist()
    levels_of = level.tolist() or [-1] * len(ts)
    for number, own_level, time, size in zip(stream.tolist(), levels_of, ts.tolist(), sizes, strict=True):
        key = number, -(-time // MINUTE_NS), own_level
        entries[key] += 1
        line_bytes[key] += size
    if len(entries) > len(cells):
        return -1
    for cell, key in enumerate(sorted(entries)):
        cells[cell] = (*key, entries[key], line_bytes[key])
    return len(entries)


@njit(nogil=True, cache=True, inline="never")
def _close_minute(stream: Any, minute: Any, sums: Table, cells: Table, count: Any) -> Any:
    """Move what ``sums`` holds to ``cells`` from ``count`` on; answers the new count, or -1 when there is no room."""
    for level in range(sums.shape[0]):
        if sums[level, 0] == 0:
            continue
        if count == cells.shape[0]:
            return -1
        cells[count, 0], cells[count, 1], cells[count, 2] = stream, minute, level - 1
        cells[count, 3], cells[count, 4] = sums[level, 0], sums[level, 1]
        sums[level, 0] = sums[level, 1] = 0
        count += 1
    return count


@kernel(_SIGNATURE, twin=_count_cells_plain)
def count_cells(
    stream: NDArray[np.int32],
    ts: NDArray[np.int64],
    level: NDArray[np.int32],
    offsets: NDArray[np.int32],
    levels: int,
    cells: Table,
) -> int:
    """Write the cells of rows that are sorted by stream and time; answers how many, or -1 when ``cells`` has no room.

    ``level`` is below ``levels``, or -1; empty where no row has one. Lines lie between ``offsets``. A row of ``cells``
    is stream, minute, level, entries and bytes; they come in that order.
    """
    if ts.size == 0:
        return 0
    sums = np.zeros((levels + 1, 2), np.int64)
    count: Any = np.int64(0)
    minute, low, high = np.int64(0), np.int64(1), np.int64(0)
    for row in range(ts.size):
        is_same_stream = row > 0 and stream[row] == stream[row - 1]
        if not (is_same_stream and low <= ts[row] <= high):
            if row > 0:
                count = _close_minute(stream[row - 1], minute, sums, cells, count)
                if count < 0:
                    return -1
            since = ts[row] % MINUTE_NS
            ahead = np.int64(0) if since == 0 else MINUTE_NS - since
            minute = ts[row] // MINUTE_NS + (1 if ahead else 0)
            # Rows are sorted: those of this minute that follow lie between this row and the minute's last time.
            low, high = ts[row], ts[row] + min(ahead, LAST_NS - ts[row] if ts[row] > 0 else ahead)
        slot = np.int64(0) if level.size == 0 else np.int64(level[row]) + 1
        sums[slot, 0] += 1
        sums[slot, 1] += np.int64(offsets[row + 1]) - np.int64(offsets[row])
    count = _close_minute(stream[ts.size - 1], minute, sums, cells, count)
    return int(count)
