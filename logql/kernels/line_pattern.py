"""Which rows match a line pattern (``|>``): its literals one after the other, first occurrence each, no way back."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from storage.kernels import BYTES, INT32S, kernel

__all__ = ["mark_pattern"]

_memmem: Any = types.ExternalFunction("memmem", types.intp(types.intp, types.uintp, types.intp, types.uintp))


def _mark_pattern_plain(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    literals: NDArray[np.uint8],
    bounds: NDArray[np.int32],
    starts_with_gap: bool,
    ends_with_gap: bool,
) -> NDArray[np.bool_]:
    words = [literals[a:b].tobytes() for a, b in zip(bounds.tolist(), bounds.tolist()[1:], strict=False)]
    ends = offsets.tolist()
    lines = (data[a:b].tobytes() for a, b in itertools.pairwise(ends))
    return np.array([_matches(line, words, starts_with_gap, ends_with_gap) for line in lines], np.bool_)


def _matches(line: bytes, words: list[bytes], starts_with_gap: bool, ends_with_gap: bool) -> bool:
    position = 0
    for number, word in enumerate(words):
        found = line.find(word, position)
        needs_gap = number > 0 or starts_with_gap
        if found < 0 or (needs_gap and found == position):
            return False
        position = found + len(word)
    return position < len(line) if ends_with_gap else position == len(line)


@njit(nogil=True, cache=True)
def _row_matches(
    base: int, start: int, end: int, words: int, bounds: NDArray[np.int32], starts_with_gap: bool, ends_with_gap: bool
) -> bool:
    position = start
    for number in range(bounds.size - 1):
        length = bounds[number + 1] - bounds[number]
        found = _memmem(base + position, end - position, words + bounds[number], length)
        if found == 0:
            return False
        hit = found - base
        if (number > 0 or starts_with_gap) and hit == position:
            return False
        position = hit + length
    if ends_with_gap:
        return position < end
    return position == end


@kernel(
    types.Array(types.boolean, 1, "C")(INT32S, BYTES, BYTES, INT32S, types.boolean, types.boolean),
    twin=_mark_pattern_plain,
)
def mark_pattern(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    literals: NDArray[np.uint8],
    bounds: NDArray[np.int32],
    starts_with_gap: bool,
    ends_with_gap: bool,
) -> NDArray[np.bool_]:
    """(rows,) whether each row matches.

    ``literals`` holds the pattern's literals end to end, ``bounds`` (literals + 1) where each begins; a gap (``<_>``)
    stands between any two, before the first and after the last where the flags say so. A gap is one byte or more.
    """
    rows = offsets.size - 1
    marks = np.zeros(rows, np.bool_)
    base, words = data.ctypes.data, literals.ctypes.data
    for row in range(rows):
        marks[row] = _row_matches(base, offsets[row], offsets[row + 1], words, bounds, starts_with_gap, ends_with_gap)
    return marks
