"""Which rows contain a byte string: libc's memmem over the whole buffer, hits mapped to rows by the offsets.

Searching the buffer and not row by row is what makes this 3 to 11 GB/s: memmem never stops at row ends, and a hit that
spans two rows is simply passed over.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels import BYTES, INT32S, kernel

__all__ = ["mark_containing"]

# Reached through an external symbol and not a ctypes pointer, because only then the machine code can be cached.
_memmem: Any = types.ExternalFunction("memmem", types.intp(types.intp, types.uintp, types.intp, types.uintp))


def _mark_containing_plain(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], needle: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    text, wanted = data.tobytes(), needle.tobytes()
    ends = offsets.tolist()
    return np.array([text.find(wanted, a, b) >= 0 for a, b in itertools.pairwise(ends)], np.bool_)


@kernel(types.Array(types.boolean, 1, "C")(INT32S, BYTES, BYTES), twin=_mark_containing_plain)
def mark_containing(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], needle: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """(rows,) whether each row of ``data`` (bounded by (rows + 1) ``offsets``) contains ``needle`` (1 byte or more)."""
    rows = offsets.size - 1
    marks = np.zeros(rows, np.bool_)
    base, wanted, length = data.ctypes.data, needle.ctypes.data, needle.size
    position, end, row = np.int64(offsets[0]), np.int64(offsets[rows]), 0
    while position + length <= end:
        found = _memmem(base + position, end - position, wanted, length)
        if found == 0:
            break
        hit = found - base
        step = 1
        while row + step < rows and offsets[row + step] <= hit:  # gallop, then bisect: hits may be rare or dense
            row += step
            step *= 2
        low, high = row, min(row + step, rows)
        while high - low > 1:
            middle = (low + high) // 2
            if offsets[middle] <= hit:
                low = middle
            else:
                high = middle
        row = low
        if hit + length <= offsets[row + 1]:
            marks[row] = True
            position = np.int64(offsets[row + 1])
        else:
            position = hit + 1
    return marks
