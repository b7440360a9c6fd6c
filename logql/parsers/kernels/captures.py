"""Where the captures of a pattern are in lines."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from storage.kernels import BYTES, INT32S, kernel

__all__ = ["find_captures"]

_memmem: Any = types.ExternalFunction("memmem", types.intp(types.intp, types.uintp, types.intp, types.uintp))
_helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]
_SPANS = types.Array(types.int32, 2, "C")


def _find_captures_plain(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    literals: NDArray[np.uint8],
    bounds: NDArray[np.int32],
    slots: NDArray[np.int32],
    spans: NDArray[np.int32],
) -> int:
    words = [literals[a:b].tobytes() for a, b in itertools.pairwise(bounds.tolist())]
    found: list[tuple[int, int, int, int]] = []
    for row, (start, end) in enumerate(itertools.pairwise(offsets.tolist())):
        line = data[start:end].tobytes()
        if line and line.startswith(words[0]):
            captured = zip(slots.tolist(), _captures(line, words), strict=False)
            found += [(row, slot, start + first, size) for slot, (first, size) in captured if slot >= 0]
    spans[: len(found)] = np.array(found, np.int32).reshape(-1, 4)
    return len(found)


def _captures(line: bytes, words: list[bytes]) -> list[tuple[int, int]]:
    """(start, size) of captures up to the first one whose end is missing."""
    captures, position = [], len(words[0])
    for word in words[1:]:
        hit = line.find(word, position) if word else -1
        captures.append((position, (hit if hit >= 0 else len(line)) - position))
        if hit < 0:
            break
        position = hit + len(word)
    return captures


@_helper
def _find(data: Any, position: int, end: int, literals: Any, first: int, size: int) -> Any:
    """The first occurrence of a literal, else -1. Most are one byte long and near, which memmem is slow to find."""
    start = np.uint64(first)
    if size == 1:
        while position < end and data[np.uint64(position)] != literals[start]:
            position += 1
        return position if position < end else np.int64(-1)
    base = data.ctypes.data
    hit = _memmem(base + position, end - position, literals.ctypes.data + first, size)
    return np.int64(hit - base) if hit else np.int64(-1)


@_helper
def _starts_with(data: Any, position: int, end: int, literals: Any, size: int) -> Any:
    if end - position < size:
        return False
    offset = 0
    while offset < size and data[np.uint64(position + offset)] == literals[offset]:
        offset += 1
    return offset == size


@_helper
def _capture(
    data: Any, position: Any, end: int, literals: Any, bounds: Any, slots: Any, spans: Any, row: int, count: int
) -> Any:
    """Note the wanted captures of one line; answers how many spans there are now."""
    for place in range(slots.size):
        first = np.int64(bounds[place + 1])
        size = np.int64(bounds[place + 2]) - first
        hit = _find(data, position, end, literals, first, size) if size else np.int64(-1)
        stop = hit if hit >= 0 else end
        if slots[place] >= 0:
            span = spans[count]
            span[0], span[1], span[2], span[3] = row, slots[place], position, stop - position
            count += 1
        if hit < 0:
            break
        position = hit + size
    return count


@kernel(types.int64(INT32S, BYTES, BYTES, INT32S, INT32S, _SPANS), twin=_find_captures_plain)
def find_captures(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    literals: NDArray[np.uint8],
    bounds: NDArray[np.int32],
    slots: NDArray[np.int32],
    spans: NDArray[np.int32],
) -> int:
    """The number of ``spans`` (room, 4) filled: row, slot, start, size. There must be room for all that is wanted.

    ``literals`` holds the pattern's literals end to end, ``bounds`` (literals + 1) where each begins. The first one is
    what lines begin with, may be empty; each capture is followed by one, empty only at the end of the pattern.
    ``slots``: for each capture its label, -1 where nobody wants it. Captures behind the last wanted one are left out.
    """
    count: Any = np.int64(0)
    prefix = np.int64(bounds[1])
    for row in range(offsets.size - 1):
        start, end = np.int64(offsets[row]), np.int64(offsets[row + 1])
        if start < end and _starts_with(data, start, end, literals, prefix):
            count = _capture(data, start + prefix, end, literals, bounds, slots, spans, row, count)
    return int(count)
