"""Whole numbers as decimal texts with a fixed number of digits behind the point."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from storage.kernels import BYTES, INT32S, kernel

__all__ = ["MAX_TEXT_BYTES", "write_decimals"]

MAX_TEXT_BYTES = 13  # sign, ten digits, the point, and a zero before it
_MINUS, _POINT, _ZERO = 45, 46, 48


def _write_decimals_plain(
    values: NDArray[np.int32], scale: int, unit: NDArray[np.uint8], out: NDArray[np.uint8]
) -> NDArray[np.int32]:
    texts = [_text(value, scale).encode() + unit.tobytes() for value in values.tolist()]
    whole = b"".join(texts)
    out[: len(whole)] = np.frombuffer(whole, np.uint8)
    return np.cumsum([0, *map(len, texts)], dtype=np.int32)


def _text(value: int, scale: int) -> str:
    digits = str(abs(value)).rjust(scale + 1, "0")
    point = f".{digits[len(digits) - scale :]}" if scale else ""
    return "-" * (value < 0) + digits[: len(digits) - scale] + point


_helper: Any = njit(nogil=True, cache=True, inline="never")


@_helper
def _digits_of(number: Any) -> Any:
    digits = 1
    while number >= 10:
        number //= 10
        digits += 1
    return digits


@kernel(types.int32[::1](INT32S, types.int64, BYTES, types.uint8[::1]), twin=_write_decimals_plain)
def write_decimals(
    values: NDArray[np.int32], scale: int, unit: NDArray[np.uint8], out: NDArray[np.uint8]
) -> NDArray[np.int32]:
    """(values + 1) offsets of the texts, which are put into ``out`` end to end, each followed by ``unit``.

    ``scale`` (0 to 9) digits stand behind the point. ``out`` has room for MAX_TEXT_BYTES and the unit for each value.
    """
    offsets = np.empty(values.size + 1, np.int32)
    offsets[0], size = 0, np.int64(0)
    for place in range(values.size):
        value = np.int64(values[place])
        if value < 0:
            out[size] = _MINUS
            size += 1
        rest = np.uint64(abs(value))
        end = size + max(_digits_of(rest), scale + 1) + np.int64(scale > 0)
        for position in range(end - 1, size - 1, -1):
            if scale > 0 and position == end - 1 - scale:
                out[position] = _POINT
                continue
            out[position] = _ZERO + rest % np.uint64(10)
            rest //= np.uint64(10)
        size = end
        for byte in unit:
            out[size] = byte
            size += 1
        offsets[place + 1] = size
    return offsets
