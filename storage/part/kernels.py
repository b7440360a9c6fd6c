"""The loops of packed columns: numbers by planes back to times, and to where each line ends.

``planes`` are the lowest bytes of ``rows`` numbers, then the next byte of each; eight of them at most.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from storage.kernels import BYTES, kernel
from storage.plane_columns import columns_of_planes

__all__ = ["offsets_of", "times_of"]


def _numbers(planes: NDArray[np.uint8], rows: int) -> NDArray[np.uint64]:
    padded = planes.tobytes().ljust(8 * rows, b"\0")
    (numbers,) = columns_of_planes(padded, rows, [np.uint64])
    return numbers


@njit(nogil=True, cache=True)
def _gathered(planes: NDArray[np.uint8], rows: int) -> NDArray[np.int64]:
    numbers = np.zeros(rows, np.int64)
    # Plane by plane, because that is done for many rows at a time.
    for place in range(planes.size // rows):
        plane, shift = planes[place * rows : (place + 1) * rows], np.int64(8 * place)
        for row in range(rows):
            numbers[row] |= np.int64(plane[row]) << shift
    return numbers


def _times_of_plain(planes: NDArray[np.uint8], rows: int, first: int, unit: int) -> NDArray[np.int64]:
    doubled = _numbers(planes, rows)
    steps = (doubled >> np.uint64(1)) ^ (np.uint64(0) - (doubled & np.uint64(1)))
    steps *= np.int64(unit).view(np.uint64)
    steps[:1] += np.int64(first).view(np.uint64)
    return np.cumsum(steps, dtype=np.uint64).view(np.int64)


@kernel(types.Array(types.int64, 1, "C")(BYTES, types.int64, types.int64, types.int64), twin=_times_of_plain)
def times_of(planes: NDArray[np.uint8], rows: int, first: int, unit: int) -> NDArray[np.int64]:
    """(rows,) running sums of ``first`` and differences in units, modulo 2**64: 2 d for d, or -2 d - 1 for d < 0."""
    times = _gathered(planes, rows)
    time = first
    for row in range(rows):
        doubled = times[row]
        time += (np.int64(np.uint64(doubled) >> np.uint64(1)) ^ -(doubled & 1)) * unit
        times[row] = time
    return times


def _offsets_of_plain(planes: NDArray[np.uint8], rows: int, end: int) -> NDArray[np.int32]:
    ends = np.cumsum(_numbers(planes, rows), dtype=np.int64)
    offsets: NDArray[np.int32] = np.minimum(np.append(0, ends), end + 1).astype(np.int32)
    return offsets


@kernel(types.Array(types.int32, 1, "C")(BYTES, types.int64, types.int64), twin=_offsets_of_plain)
def offsets_of(planes: NDArray[np.uint8], rows: int, end: int) -> NDArray[np.int32]:
    """(rows + 1,) 0 and running sums of the numbers (of 4 bytes at most); sums beyond ``end`` are ``end + 1``."""
    sizes = _gathered(planes, rows)
    offsets = np.zeros(rows + 1, np.int32)
    total = np.int64(0)
    for row in range(rows):
        total += sizes[row]
        offsets[row + 1] = min(total, end + 1)
    return offsets
