"""Which rows contain a text in whatever case, ASCII only: two of its bytes are looked for at many places at once."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from storage.kernels import BYTES, INT32S, kernel

__all__ = ["mark_containing_any_case"]

_BLOCK = 64  # places; comparing that many bytes takes a few instructions
_SIGNATURE: Any = types.Array(types.boolean, 1, "C")(INT32S, BYTES, BYTES, types.int64, types.int64)


def _mark_containing_any_case_plain(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], needle: NDArray[np.uint8], first: int, second: int
) -> NDArray[np.bool_]:
    text, wanted = data.tobytes().lower(), needle.tobytes()
    ends = offsets.tolist()
    return np.array([text.find(wanted, a, b) >= 0 for a, b in itertools.pairwise(ends)], np.bool_)


@njit(nogil=True, cache=True, inline="always")
def _case_bit(byte: Any) -> Any:
    """What to set in a byte before it is compared with ``byte``, which is no upper-case letter."""
    return np.uint8(0x20) if 97 <= byte <= 122 else np.uint8(0)


@njit(nogil=True, cache=True, inline="never")
def _stands_at(data: Any, place: Any, needle: Any) -> bool:
    for i in range(needle.size):  # noqa: SIM110 - kernels have no generators
        if (data[place + i] | _case_bit(needle[i])) != needle[i]:
            return False
    return True


@njit(nogil=True, cache=True, inline="never")
def _has_both(data: Any, first: Any, second: Any, one: Any, other: Any) -> Any:
    """Whether some of the next _BLOCK places have ``one`` after ``first`` and ``other`` after ``second`` bytes."""
    one_bit, other_bit = _case_bit(one), _case_bit(other)
    here, there = data[first : first + _BLOCK], data[second : second + _BLOCK]
    found = np.uint8(0)
    for i in range(_BLOCK):
        found |= np.uint8((here[i] | one_bit) == one) & np.uint8((there[i] | other_bit) == other)
    return found != 0


@kernel(_SIGNATURE, twin=_mark_containing_any_case_plain)
def mark_containing_any_case(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], needle: NDArray[np.uint8], first: int, second: int
) -> NDArray[np.bool_]:
    """(rows,) whether each row of ``data`` (bounded by (rows + 1) ``offsets``) contains ``needle`` (1 byte or more).

    ``needle`` is in lower case. ``first`` and ``second`` are places in it: the bytes to look for, better rare ones.
    """
    rows = offsets.size - 1
    marks = np.zeros(rows, np.bool_)
    length = needle.size
    place, last, row = np.int64(offsets[0]), np.int64(offsets[rows]) - length, 0
    one, other = needle[first], needle[second]
    while place <= last:
        stop = min(place + _BLOCK, last + 1)
        if stop - place == _BLOCK and not _has_both(data, place + first, place + second, one, other):
            place = stop
            continue
        while place < stop:
            if not _stands_at(data, place, needle):
                place += 1
                continue
            low, high = row, rows
            while high - low > 1:
                middle = (low + high) // 2
                if offsets[middle] <= place:
                    low = middle
                else:
                    high = middle
            row = low
            if place + length <= offsets[row + 1]:
                marks[row] = True
                place = np.int64(offsets[row + 1])
            else:
                place += 1
    return marks
