"""Numbers and ids as texts, written behind the message that they stand in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from server.push.otlp.wire import RENDERED

__all__ = ["decimal", "hex_text", "is_zero", "little_endian", "signed_decimal"]

_helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]

_HEX = np.frombuffer(b"0123456789abcdef", np.uint8).copy()


@_helper
def little_endian(data: Any, start: int, end: int) -> Any:
    value = np.uint64(0)
    for at in range(end - 1, start - 1, -1):
        value = (value << np.uint64(8)) | np.uint64(data[np.uint64(at)])
    return value


@_helper
def is_zero(data: Any, start: int, end: int) -> Any:
    while start < end and data[np.uint64(start)] == 0:
        start += 1
    return start >= end


@_helper
def _room(size: int, counts: Any, rendered: Any) -> Any:
    """Where a text of so many bytes is to be written, or -1 when there is no room; either way it is counted."""
    at = counts[RENDERED]
    counts[RENDERED] = at + size
    return at if at + size <= rendered.size else np.int64(-1)


@_helper
def decimal(value: Any, is_negative: bool, base: int, counts: Any, rendered: Any) -> Any:
    """The span of a number (its magnitude and sign) as text."""
    digits, rest = np.int64(1), value // np.uint64(10)
    while rest > np.uint64(0):
        digits += 1
        rest = rest // np.uint64(10)
    start = base + counts[RENDERED]
    at = _room(digits + is_negative, counts, rendered)
    if at >= 0:
        place = at + digits + is_negative - 1
        for _ in range(digits):
            rendered[np.uint64(place)] = np.uint8(np.uint64(48) + value % np.uint64(10))
            value = value // np.uint64(10)
            place -= 1
        if is_negative:
            rendered[np.uint64(at)] = np.uint8(45)
    return start, base + counts[RENDERED]


@_helper
def signed_decimal(value: int, base: int, counts: Any, rendered: Any) -> Any:
    magnitude = np.uint64(value)
    if value < 0:
        magnitude = ~magnitude + np.uint64(1)
    return decimal(magnitude, value < 0, base, counts, rendered)


@_helper
def hex_text(data: Any, start: int, end: int, base: int, counts: Any, rendered: Any) -> Any:
    """The span of an id as text."""
    first = base + counts[RENDERED]
    at = _room(2 * (end - start), counts, rendered)
    if at >= 0:
        for place in range(start, end):
            byte = data[np.uint64(place)]
            rendered[np.uint64(at)] = _HEX[np.uint64(byte >> 4)]
            rendered[np.uint64(at + 1)] = _HEX[np.uint64(byte & 15)]
            at += 2
    return first, base + counts[RENDERED]
