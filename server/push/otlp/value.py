"""Values of OTLP as Python's (None, str, bool, int, float, bytes, lists, dicts), and the text that each stands for."""

from __future__ import annotations

import base64
import math
from decimal import Decimal
from typing import Any, TypeAlias

import orjson

from server.push.errors import PushError

__all__ = ["Value", "ValueBudget", "text_of"]

Value: TypeAlias = Any  # recursive: str | bool | int | float | bytes | list[Value] | dict[str, Value] | None

_DEPTH_MAX = 64
_NESTED_MAX = 250_000
_FIELDS_MAX = 4 * _NESTED_MAX
_SMALLEST_PLAIN, _LARGEST_PLAIN = 1e-6, 1e21


class ValueBudget:
    """How much the maps and arrays of one request may hold: each element becomes an object in memory."""

    def __init__(self) -> None:
        self._left = _NESTED_MAX
        self._fields_left = _FIELDS_MAX

    def take(self, depth: int) -> None:
        """One more value at this depth. PushError 400 when it is one too many, or too deep."""
        self._left -= 1
        if self._left < 0:
            raise PushError(400, f"too many values in maps and arrays of one push: limit {_NESTED_MAX}: send less")
        if depth > _DEPTH_MAX:
            raise PushError(400, f"maps and arrays are nested too deeply: limit {_DEPTH_MAX} levels")

    def take_field(self) -> None:
        """One more field of a message that Python reads, known or not. PushError 400 when it is one too many."""
        self._fields_left -= 1
        if self._fields_left < 0:
            raise PushError(400, f"too many fields in maps, arrays and resources of one push: limit {_FIELDS_MAX}")


def text_of(value: Value) -> str:
    """A text as it is, bytes in base64, numbers shortest, maps and arrays as compact JSON with sorted keys."""
    if isinstance(value, str):
        return value
    return "" if value is None else _json(value, quoted=False)


def _json(value: Value, quoted: bool = True) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quote(key)}:{_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if value is None:
        return "null"
    text = _number(value) if isinstance(value, float) else value
    if isinstance(text, bytes):
        text = base64.b64encode(text).decode()
    is_bare = isinstance(value, float) and math.isfinite(value)
    return _quote(text) if quoted and not is_bare else text


def _quote(text: str) -> str:
    return orjson.dumps(text).decode()


def _number(value: float) -> str:
    """Shortest digits, an exponent only for very large and very small ones: ``1``, ``0.5``, ``1e+21``, ``1e-7``."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    digits = repr(value)
    if value and not _SMALLEST_PLAIN <= abs(value) < _LARGEST_PLAIN:
        mantissa, _, exponent = f"{Decimal(digits).normalize():e}".partition("e")
        return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}"
    return format(Decimal(digits), "f").removesuffix(".0") if "e" in digits else digits.removesuffix(".0")
