"""Where lines hold what may be an IP address. Whether it is one, and which, is decided on the distinct texts later.

A candidate begins at a digit with a ``.`` among the next three bytes (four bytes or more must remain), or at up to four
hex digits followed by ``:`` or at ``::`` (five must remain), and is the longest run of address characters from there.
"""

from __future__ import annotations

import itertools

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from storage.kernels import BYTES, INT32S, kernel

__all__ = ["find_addresses"]

_V4_MIN_BYTES = 4
_V6_MIN_BYTES = 5


def _find_addresses_plain(offsets: NDArray[np.int32], data: NDArray[np.uint8]) -> NDArray[np.int32]:
    text = data.tobytes()
    ends = offsets.tolist()
    found = [
        (row, start, stop)
        for row, (a, b) in enumerate(itertools.pairwise(ends))
        for start, stop in _candidates(text[a:b], a)
    ]
    return np.array(found, np.int32).reshape(-1, 3)


def _candidates(line: bytes, base: int) -> list[tuple[int, int]]:
    found, i = [], 0
    while i < len(line):
        charset = _charset(line, i)
        if charset is None:
            i += 1
            continue
        stop = i
        while stop < len(line) and line[stop] in charset:
            stop += 1
        found.append((base + i, base + stop))
        i = stop
    return found


def _charset(line: bytes, i: int) -> bytes | None:
    rest = len(line) - i
    if rest >= _V4_MIN_BYTES and chr(line[i]).isdigit() and line[i] < 128 and b"." in line[i + 1 : i + 4]:
        return b"0123456789."
    if rest < _V6_MIN_BYTES:
        return None
    hexadecimal = b"0123456789abcdefABCDEF"
    if line[i : i + 2] == b"::" and line[i + 2] in hexadecimal:
        return hexadecimal + b":."
    head = line[i : i + 5].split(b":", 1)
    is_head = len(head) == 2 and 1 <= len(head[0]) <= 4 and all(byte in hexadecimal for byte in head[0])
    return hexadecimal + b":." if is_head else None


@njit(nogil=True, cache=True)
def _is_digit(byte: int) -> bool:
    return 48 <= byte <= 57


@njit(nogil=True, cache=True)
def _is_hex(byte: int) -> bool:
    return 48 <= byte <= 57 or 65 <= byte <= 70 or 97 <= byte <= 102


@njit(nogil=True, cache=True)
def _kind(data: NDArray[np.uint8], i: int, end: int) -> int:
    """4 or 6 where a candidate begins, else 0."""
    rest = end - i
    if rest >= _V4_MIN_BYTES and _is_digit(data[i]) and (data[i + 1] == 46 or data[i + 2] == 46 or data[i + 3] == 46):
        return 4
    if rest < _V6_MIN_BYTES:
        return 0
    if data[i] == 58 and data[i + 1] == 58 and _is_hex(data[i + 2]):
        return 6
    for k in range(5):
        if data[i + k] == 58:
            return 6 if k > 0 else 0
        if not _is_hex(data[i + k]):
            return 0
    return 0


@njit(nogil=True, cache=True)
def _run_end(data: NDArray[np.uint8], i: int, end: int, kind: int) -> int:
    while i < end:
        byte = data[i]
        in_v4 = _is_digit(byte) or byte == 46
        if not in_v4 and (kind == 4 or not (_is_hex(byte) or byte == 58)):
            break
        i += 1
    return i


@kernel(types.Array(types.int32, 2, "C")(INT32S, BYTES), twin=_find_addresses_plain)
def find_addresses(offsets: NDArray[np.int32], data: NDArray[np.uint8]) -> NDArray[np.int32]:
    """(candidates, 3): the row, the first byte and the byte after the last of each candidate, in order."""
    found = np.empty((64, 3), np.int32)
    count = 0
    for row in range(offsets.size - 1):
        i, end = offsets[row], offsets[row + 1]
        while i < end:
            kind = _kind(data, i, end)
            if kind == 0:
                i += 1
                continue
            stop = _run_end(data, i, end, kind)
            if count == found.shape[0]:
                grown = np.empty((count * 2, 3), np.int32)
                grown[:count] = found
                found = grown
            found[count, 0], found[count, 1], found[count, 2] = row, i, stop
            count += 1
            i = stop
    return found[:count].copy()
