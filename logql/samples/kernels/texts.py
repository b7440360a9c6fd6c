"""Texts to numbers, only where that is exact at once; everything else is left to the exact readers.

Up to 15 digits are an exact float, and so are powers of ten up to 22: one multiplication or division of the two is
rounded once, which gives the float nearest to the text. Durations and sizes are computed in the steps in which the
exact readers do it. All three take ``offsets`` (texts + 1,) into ``data`` and fill ``values`` (texts,); they answer
(texts,) whether a value was filled in. False says nothing about the text.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from logql.values.byte_size import parse_byte_size
from logql.values.go_duration import parse_go_duration
from logql.values.number import parse_float
from storage.kernels import BYTES, INT32S, kernel

__all__ = ["parse_decimals", "parse_durations", "parse_sizes", "to_seconds"]

# In machine code they are the same, to the type checker int and np.int64 are not.
Integer: TypeAlias = int | np.signedinteger[Any]

_SIGNATURE: Any = types.boolean[::1](INT32S, BYTES, types.float64[::1])
_MAX_DIGITS = 15
_POWERS_OF_TEN = np.array([float(10**power) for power in range(23)])
_SECOND_NS = 1_000_000_000
_MAX_BYTES = float(1 << 64)
_FAR_NS = 4 * 10**18  # far enough below 2**63 that adding one more term cannot wrap around
_NUMBER = re.compile(rb"[0-9]+(?:\.[0-9]*)?")
_DURATION = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?(?:ns|us|\xc2\xb5s|\xce\xbcs|ms|s|m|h))+")
_SIZE = re.compile(rb"([0-9]+(?:\.[0-9]*)?) *(?:[kmgtp]i?b?|b?)", re.IGNORECASE)


def _parse_decimals_plain(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], values: NDArray[np.float64]
) -> NDArray[np.bool_]:
    is_read = np.zeros(len(values), np.bool_)
    ends, text = offsets.tolist(), data.tobytes()
    for number in range(len(values)):
        part = text[ends[number] : ends[number + 1]]
        digits = part[part[:1] in (b"+", b"-") :]
        if _is_plain(digits):
            values[number], is_read[number] = parse_float(part.decode()), True
    return is_read


def _is_plain(digits: bytes) -> bool:
    """Digits with at most one point, not at the start, and no more of them than are exact."""
    whole, _, fraction = digits.partition(b".")
    are_digits = whole.isdigit() and (fraction.isdigit() or not fraction)
    return are_digits and len(whole) + len(fraction) <= _MAX_DIGITS


@njit(nogil=True, cache=True, inline="never")
def _read_decimal(data: NDArray[np.uint8], start: Integer, stop: Integer) -> tuple[Integer, Integer, Integer]:
    """The digits at ``start`` as a number, how many of them follow a point, and where they end.

    The end is ``start`` when there is no number of at most 15 digits that begins with a digit.
    """
    mantissa, digits, decimals, position = np.int64(0), 0, 0, start
    has_point = False
    while position < stop:
        char = data[position]
        if 48 <= char <= 57:
            mantissa = mantissa * 10 + (char - 48)
            digits += 1
            decimals += has_point
        elif char == 46 and digits and not has_point:
            has_point = True
        else:
            break
        position += 1
        if digits > _MAX_DIGITS:
            return np.int64(0), 0, start
    return mantissa, decimals, position


@kernel(_SIGNATURE, twin=_parse_decimals_plain)
def parse_decimals(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], values: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(texts,) whether ``values`` got the number that the text is; False says nothing about the text."""
    is_read = np.zeros(values.size, np.bool_)
    for number in range(values.size):
        start, stop = np.int64(offsets[number]), np.int64(offsets[number + 1])
        is_negative = start < stop and data[start] == 45
        if start < stop and (is_negative or data[start] == 43):
            start += 1
        mantissa, decimals, end = _read_decimal(data, start, stop)
        if end == start or end < stop:
            continue
        value = mantissa / _POWERS_OF_TEN[decimals]
        values[number] = -value if is_negative else value
        is_read[number] = True
    return is_read


def to_seconds(duration_ns: int) -> float:
    """As Go's ``Seconds()``: whole seconds plus the rest."""
    sign = -1 if duration_ns < 0 else 1
    whole, rest = divmod(abs(duration_ns), _SECOND_NS)
    return sign * (whole + rest / 1e9)


def _parse_durations_plain(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], values: NDArray[np.float64]
) -> NDArray[np.bool_]:
    is_read = np.zeros(len(values), np.bool_)
    ends, text = offsets.tolist(), data.tobytes()
    for number in range(len(values)):
        part = text[ends[number] : ends[number + 1]]
        if _DURATION.fullmatch(part) and all(
            len(each.replace(b".", b"")) <= _MAX_DIGITS for each in _NUMBER.findall(part)
        ):
            try:
                duration_ns = parse_go_duration(part.decode())
            except ValueError:
                continue
            if abs(duration_ns) <= _FAR_NS:
                values[number], is_read[number] = to_seconds(duration_ns), True
    return is_read


@njit(nogil=True, cache=True, inline="never")
def _duration_unit_ns(data: NDArray[np.uint8], start: Integer, stop: Integer) -> tuple[float, Integer]:
    """The nanoseconds of the unit at ``start``, and where it ends; 0 for anything that is none.

    A unit ends where the text ends or a digit begins.
    """
    end = start
    while end < stop and data[end] != 46 and not 48 <= data[end] <= 57:
        end += 1
    length = end - start
    if length == 1:
        if data[start] == 115:  # s
            return 1e9, end
        if data[start] == 109:  # m
            return 6e10, end
        return (3.6e12, end) if data[start] == 104 else (0.0, end)  # h
    if length == 2 and data[start + 1] == 115:
        if data[start] == 109:
            return 1e6, end
        if data[start] == 117:  # u
            return 1e3, end
        return (1.0, end) if data[start] == 110 else (0.0, end)  # n
    if length == 3 and data[start + 2] == 115:
        is_micro = (data[start] == 0xC2 and data[start + 1] == 0xB5) or (
            data[start] == 0xCE and data[start + 1] == 0xBC
        )
        return (1e3, end) if is_micro else (0.0, end)
    return 0.0, end


@njit(nogil=True, cache=True, inline="never")
def _read_duration(data: NDArray[np.uint8], start: Integer, stop: Integer) -> Integer:
    """Nanoseconds; -1 for what the exact reader must judge."""
    total_ns, position = np.int64(0), start
    while position < stop:
        mantissa, decimals, end = _read_decimal(data, position, stop)
        unit_ns, after = _duration_unit_ns(data, end, stop)
        if end == position or unit_ns == 0.0:
            return np.int64(-1)
        scale = np.int64(_POWERS_OF_TEN[decimals])
        whole, fraction = mantissa // scale, mantissa % scale
        if np.float64(whole) * unit_ns > _FAR_NS:
            return np.int64(-1)
        total_ns += whole * np.int64(unit_ns) + np.int64(np.float64(fraction) * (unit_ns / np.float64(scale)))
        if total_ns > _FAR_NS:
            return np.int64(-1)
        position = after
    return total_ns if stop > start else np.int64(-1)


@kernel(_SIGNATURE, twin=_parse_durations_plain)
def parse_durations(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], values: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(texts,) whether ``values`` got the seconds that the text is; False says nothing about the text."""
    is_read = np.zeros(values.size, np.bool_)
    for number in range(values.size):
        start, stop = np.int64(offsets[number]), np.int64(offsets[number + 1])
        is_negative = start < stop and data[start] == 45
        if start < stop and (is_negative or data[start] == 43):
            start += 1
        duration_ns = _read_duration(data, start, stop)
        if duration_ns < 0:
            continue
        seconds = np.float64(duration_ns // 1_000_000_000) + np.float64(duration_ns % 1_000_000_000) / 1e9
        values[number] = -seconds if is_negative and duration_ns else seconds
        is_read[number] = True
    return is_read


def _parse_sizes_plain(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], values: NDArray[np.float64]
) -> NDArray[np.bool_]:
    is_read = np.zeros(len(values), np.bool_)
    ends, text = offsets.tolist(), data.tobytes()
    for number in range(len(values)):
        part = text[ends[number] : ends[number + 1]]
        plain = _SIZE.fullmatch(part)
        if plain is None or len(plain[1].replace(b".", b"")) > _MAX_DIGITS:
            continue
        try:
            values[number], is_read[number] = parse_byte_size(part.decode()), True
        except ValueError:
            continue
    return is_read


@njit(nogil=True, cache=True, inline="never")
def _size_unit_bytes(data: NDArray[np.uint8], start: Integer, stop: Integer) -> float:
    """The bytes of the unit that is left of the text; 0 for anything that is none."""
    power = 0
    if start < stop:
        letter = data[start] | 32
        power = 1 if letter == 107 else 2 if letter == 109 else 3 if letter == 103 else 0
        power = 4 if letter == 116 else 5 if letter == 112 else power
    base = 1000.0
    if power:
        start += 1
        if start < stop and data[start] | 32 == 105:  # i
            base = 1024.0
            start += 1
    if start < stop and data[start] | 32 == 98:  # b
        start += 1
    return base**power if start == stop else 0.0


@kernel(_SIGNATURE, twin=_parse_sizes_plain)
def parse_sizes(offsets: NDArray[np.int32], data: NDArray[np.uint8], values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(texts,) whether ``values`` got the bytes that the text is; False says nothing about the text."""
    is_read = np.zeros(values.size, np.bool_)
    for number in range(values.size):
        start, stop = np.int64(offsets[number]), np.int64(offsets[number + 1])
        mantissa, decimals, end = _read_decimal(data, start, stop)
        after = end
        while after < stop and data[after] == 32:
            after += 1
        unit_bytes = _size_unit_bytes(data, after, stop)
        size_bytes = np.floor(mantissa / _POWERS_OF_TEN[decimals] * unit_bytes)
        if end == start or unit_bytes == 0.0 or size_bytes >= _MAX_BYTES:
            continue
        values[number] = size_bytes
        is_read[number] = True
    return is_read
