"""Integers and floats: conversions that never fail, arithmetic that wraps at 64 bits, rounding."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import reduce

from logql.template.function import ANY, FLOAT, INT, STRING, Function
from logql.template.literals import MAX_INT64, MIN_INT64, parse_integer
from logql.template.values import Int64, wrap_int64
from logql.values import parse_byte_size, parse_float, parse_go_duration

__all__ = ["NUMBER_FUNCTIONS", "to_float", "to_int"]

_DECIMAL = re.compile(r"([-+]?[0-9]*)(?:\.[0-9]*)?")
_SECOND_NS = 1_000_000_000


def to_int(value: object) -> int:
    """Decimals are cut; what is no number is 0."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _cut(value)
    return _text_to_int(value) if isinstance(value, str) else 0


def _cut(value: float) -> int:
    """A float that fits no 64 bits is the smallest integer, as the hardware has it."""
    if math.isnan(value) or not MIN_INT64 <= value < MAX_INT64:
        return MIN_INT64
    return int(value)


def _text_to_int(text: str) -> int:
    decimal = _DECIMAL.fullmatch(text)
    if decimal is not None:
        text = decimal[1] if decimal[1] not in ("", "-", "+") else "0"
    return parse_integer(text) or 0


def to_float(value: object) -> float:
    """What is no number is 0."""
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return 0.0
    try:
        return parse_float(value)
    except ValueError:
        return 0.0


def _int64(operation: Callable[..., int]) -> Callable[..., Int64]:
    """The operation on operands of any kind."""
    return lambda *operands: wrap_int64(operation(*map(to_int, operands)))


def _add(*operands: int) -> int:
    return sum(operands)


def _multiply(*operands: int) -> int:
    return reduce(lambda product, factor: int(wrap_int64(product * factor)), operands)


def _divide(dividend: int, divisor: int) -> int:
    if divisor == 0:
        raise ValueError("runtime error: integer divide by zero")
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def _modulo(dividend: int, divisor: int) -> int:
    """The sign of the dividend."""
    return dividend - divisor * _divide(dividend, divisor)


def _greatest(*operands: int) -> int:
    return max(operands)


def _least(*operands: int) -> int:
    return min(operands)


def _greatest_float(*operands: object) -> float:
    return reduce(_max_float, map(to_float, operands))


def _max_float(one: float, other: float) -> float:
    return math.nan if math.isnan(one) or math.isnan(other) else max(one, other)


def _least_float(*operands: object) -> float:
    return reduce(_min_float, map(to_float, operands))


def _min_float(one: float, other: float) -> float:
    return math.nan if math.isnan(one) or math.isnan(other) else min(one, other)


def _whole(direction: Callable[[float], int], value: float) -> float:
    """Infinities and NaN stay; the sign of zero is kept."""
    return math.copysign(float(direction(value)), value) if math.isfinite(value) else value


def ceil(value: object) -> float:
    return _whole(math.ceil, to_float(value))


def floor(value: object) -> float:
    return _whole(math.floor, to_float(value))


def round_to(value: object, places: int, *rest: float) -> float:
    """Away from zero below it: the fraction is compared with its sign. ``rest``: where rounding up starts (0.5)."""
    start = rest[0] if rest else 0.5
    power = _power_of_ten(places)
    digits = power * to_float(value)
    if not math.isfinite(digits):
        return digits / power if power else math.nan
    fraction = math.modf(digits)[0]
    whole = _whole(math.ceil if fraction >= start else math.floor, digits)
    return whole / power if power else math.copysign(math.inf, whole) if whole else math.nan


def _power_of_ten(places: int) -> float:
    if places > 308:
        return math.inf
    return 10.0**places if places > -400 else 0.0


def duration_seconds(text: str) -> float:
    """Raises ValueError."""
    duration_ns = parse_go_duration(text)
    seconds, rest_ns = divmod(abs(duration_ns), _SECOND_NS)
    return math.copysign(seconds + rest_ns / _SECOND_NS, duration_ns)


NUMBER_FUNCTIONS = (
    Function("int", (ANY,), to_int),
    Function("float64", (ANY,), to_float),
    Function("add", (), _int64(_add), rest=ANY),
    Function("sub", (ANY, ANY), _int64(lambda one, other: one - other)),
    Function("mul", (ANY,), _int64(_multiply), rest=ANY),
    Function("div", (ANY, ANY), _int64(_divide)),
    Function("mod", (ANY, ANY), _int64(_modulo)),
    Function("max", (ANY,), _int64(_greatest), rest=ANY),
    Function("min", (ANY,), _int64(_least), rest=ANY),
    Function("maxf", (ANY,), _greatest_float, rest=ANY),
    Function("minf", (ANY,), _least_float, rest=ANY),
    Function("ceil", (ANY,), ceil),
    Function("floor", (ANY,), floor),
    Function("round", (ANY, INT), round_to, rest=FLOAT),
    Function("bytes", (STRING,), parse_byte_size),
    Function("duration", (STRING,), duration_seconds),
    Function("duration_seconds", (STRING,), duration_seconds),
)
