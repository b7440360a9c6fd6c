"""The texts of spans, copied out of the lines and decoded where they must be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from logql.parsers.json_text import string_text
from logql.parsers.logfmt_text import plain_value, whole_value
from storage.kernels import BYTES, kernel

__all__ = ["JSON", "LOGFMT", "LOGFMT_WHOLE", "copy_values"]

# How texts are decoded: JSON's rules; logfmt's, U+FFFD becoming a blank; logfmt's, a text with U+FFFD becoming empty.
JSON, LOGFMT, LOGFMT_WHOLE = 0, 1, 2
_DECODERS: tuple[Callable[[bytes], str], ...] = (string_text, plain_value, whole_value)

_helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]
_BACKSLASH, _U, _APOSTROPHE = 92, 117, 39
_REPLACEMENT = 0xFFFD
_DIGITS = np.full(256, 0xFF, np.uint8)
for _digit, _letter in enumerate(b"0123456789abcdef"):
    _DIGITS[[_letter, ord(chr(_letter).upper())]] = _digit
_PLAIN = np.zeros(256, np.uint8)
for _escape, _letter in zip(b"\"\\/bfnrt'", b"\"\\/\b\f\n\r\t'", strict=True):
    _PLAIN[_escape] = _letter


def _copy_values_plain(
    data: NDArray[np.uint8], spans: NDArray[np.int32], rules: int, out: NDArray[np.uint8]
) -> NDArray[np.int32]:
    offsets, size = np.zeros(len(spans) + 1, np.int32), 0
    for place, (_, _, start, length) in enumerate(spans.tolist()):
        raw = data[start : start + (length if length >= 0 else ~length)].tobytes()
        text = raw if length >= 0 else _DECODERS[rules](raw).encode()
        out[size : size + len(text)] = np.frombuffer(text, np.uint8)
        size += len(text)
        offsets[place + 1] = size
    return offsets


@_helper
def _at(data: Any, position: int) -> Any:
    return data[np.uint64(position)]


@_helper
def _unit(data: Any, position: int, end: int) -> Any:
    """The UTF-16 unit of the escape ``\\uXXXX`` that stands here, else -1."""
    if position + 6 > end or _at(data, position) != _BACKSLASH or _at(data, position + 1) != _U:
        return np.int64(-1)
    unit = np.int64(0)
    for place in range(position + 2, position + 6):
        digit = np.int64(_DIGITS[_at(data, place)])
        if digit == 0xFF:
            return np.int64(-1)
        unit = unit * 16 + digit
    return unit


@_helper
def _put(out: Any, size: int, code: int) -> Any:
    """Append a code point as UTF-8; answers the new size."""
    if code < 0x80:
        out[size] = code
        return size + 1
    if code < 0x800:
        out[size], out[size + 1] = 0xC0 | (code >> 6), 0x80 | (code & 63)
        return size + 2
    if code < 0x10000:
        out[size], out[size + 1], out[size + 2] = 0xE0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)
        return size + 3
    out[size], out[size + 1] = 0xF0 | (code >> 18), 0x80 | ((code >> 12) & 63)
    out[size + 2], out[size + 3] = 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)
    return size + 4


@_helper
def _code_point(data: Any, position: int, end: int, rules: int) -> Any:
    """(the character at ``position``, escaped or not ASCII, or -1 where it is bad; bytes that it takes)."""
    if _at(data, position) != _BACKSLASH:
        is_replacement = position + 3 <= end and _at(data, position + 1) == 0xBF and _at(data, position + 2) == 0xBD
        return (np.int64(_REPLACEMENT), 3) if is_replacement else (np.int64(-2), 1)
    unit = _unit(data, position, end)
    if unit < 0:
        letter = _at(data, position + 1) if position + 1 < end else np.uint8(0)
        is_known = _PLAIN[letter] != 0 and (letter != _APOSTROPHE or rules != JSON)
        return (np.int64(_PLAIN[letter]), 2) if is_known else (np.int64(-1), 2)
    if unit < 0xD800 or unit > 0xDFFF:
        return unit, 6
    low = _unit(data, position + 6, end)
    if unit < 0xDC00 and 0xDC00 <= low <= 0xDFFF:
        return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12
    return np.int64(-1 if rules == JSON else _REPLACEMENT), 6


@_helper
def _decode(data: Any, position: int, end: int, rules: int, out: Any, size: int) -> Any:
    """Append the decoded text; answers the new size. A text with a bad escape is empty."""
    begin = size
    while position < end:
        byte = _at(data, position)
        if byte != _BACKSLASH and byte != 0xEF:
            out[size] = byte
            size += 1
            position += 1
            continue
        code, taken = _code_point(data, position, end, rules)
        position += taken
        if code == -1 or (code == _REPLACEMENT and rules == LOGFMT_WHOLE):
            return begin
        if code == -2:  # the first byte of another character
            out[size] = byte
            size += 1
        else:
            size = _put(out, size, 32 if code == _REPLACEMENT else code)
    return size


@kernel(
    types.int32[::1](BYTES, types.Array(types.int32, 2, "C", readonly=True), types.int64, types.uint8[::1]),
    twin=_copy_values_plain,
)
def copy_values(
    data: NDArray[np.uint8], spans: NDArray[np.int32], rules: int, out: NDArray[np.uint8]
) -> NDArray[np.int32]:
    """(spans + 1) offsets of the texts, which are put into ``out`` end to end; it must have room for all raw bytes."""
    offsets = np.empty(spans.shape[0] + 1, np.int32)
    offsets[0], size = 0, np.int64(0)
    for place in range(spans.shape[0]):
        start, length = np.int64(spans[place, 2]), np.int64(spans[place, 3])
        if length < 0:
            size = _decode(data, start, start + ~length, rules, out, size)
        else:
            for position in range(start, start + length):
                out[size] = _at(data, position)
                size += 1
        offsets[place + 1] = size
    return offsets
