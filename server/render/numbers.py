"""Sample values and times as Go prints them."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

import numpy as np
from numpy.typing import NDArray

__all__ = ["sample_time", "sample_times", "sample_value", "sample_values"]

_SPECIAL = {float("inf"): "+Inf", float("-inf"): "-Inf"}
# Up to here every float that is whole prints like the integer it is.
_EXACT = float(2**53)


def sample_value(value: float) -> str:
    """The shortest digits that read back as ``value``, never with an exponent: ``0.000011111111111111112``."""
    if not isfinite(value):
        return _SPECIAL.get(value, "NaN")
    text = repr(value)
    if text.endswith(".0"):
        return text[:-2]
    return format(Decimal(text), "f") if "e" in text else text


def sample_values(values: NDArray[np.float64]) -> list[str]:
    """Like ``sample_value`` for each; whole numbers, the usual case, take a short way."""
    is_plain = (np.abs(values) < _EXACT) & (values == np.floor(values)) & ~_negative_zeros(values)
    if bool(np.all(is_plain)):
        return list(map(str, values.astype(np.int64).tolist()))
    return list(map(sample_value, values.tolist()))


def _negative_zeros(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    zeros: NDArray[np.bool_] = np.signbit(values) & (values == 0)
    return zeros


def sample_time(ts_ms: int) -> int | float:
    """Seconds, up to three decimals; a whole number of seconds is an int, so that no ``.0`` is printed."""
    return ts_ms // 1000 if ts_ms % 1000 == 0 else ts_ms / 1000


def sample_times(ts_ms: NDArray[np.int64]) -> list[int | float]:
    if not np.any(ts_ms % 1000):
        seconds: list[int | float] = (ts_ms // 1000).tolist()
        return seconds
    return list(map(sample_time, ts_ms.tolist()))
