"""Values as ``print`` and an action show them (Go's ``%v``)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal

from logql.template.limits import check_length
from logql.template.times.format import format_moment
from logql.template.times.moment import Moment
from logql.template.values import LabelMap

__all__ = ["format_float", "print_line", "print_values", "show", "sorted_items"]

_MOMENT_LAYOUT = "2006-01-02 15:04:05.999999999 -0700 MST"
_SMALLEST_PLAIN = 1e-4
_SMALLEST_EXPONENTIAL = 1e6


def show(value: object) -> str:
    """Plain text of any value; nil is ``<nil>``."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return format_float(value)
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{' '.join(map(show, value))}]"
    if isinstance(value, dict | LabelMap):
        return f"map[{' '.join(f'{key}:{show(item)}' for key, item in sorted_items(value))}]"
    if isinstance(value, Moment):
        return format_moment(value, _MOMENT_LAYOUT)
    if isinstance(value, complex):
        return f"({format_float(value.real)}{_signed(value.imag)}i)"
    return str(value)


def _signed(value: float) -> str:
    text = format_float(value)
    return text if text[0] in "+-" else f"+{text}"


def sorted_items(value: dict[str, object] | LabelMap) -> list[tuple[str, object]]:
    """By key, as Go prints and ranges over maps."""
    entries: Mapping[str, object] = value.entries if isinstance(value, LabelMap) else value
    return sorted(entries.items())


def format_float(value: float) -> str:
    """Shortest digits; an exponent from a million on and below 0.0001: ``1.5``, ``1e+06``, ``NaN``, ``+Inf``."""
    if _SMALLEST_PLAIN <= abs(value) < _SMALLEST_EXPONENTIAL or value == 0:
        return repr(value).removesuffix(".0")
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    assert isinstance(exponent, int)
    exponent += len(digits) - 1
    text = "".join(map(str, digits)).rstrip("0")
    mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
    return f"{'-' if sign else ''}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def print_values(values: Iterable[object]) -> str:
    """A blank between two operands of which neither is a string. Raises ValueError when it gets too long."""
    parts: list[str] = []
    length, was_string = 0, True
    for value in values:
        is_string = isinstance(value, str)
        if not is_string and not was_string:
            parts.append(" ")
        parts.append(show(value))
        length += len(parts[-1]) + 1
        check_length(length)
        was_string = is_string
    return "".join(parts)


def print_line(values: Iterable[object]) -> str:
    """A blank between all operands, a newline at the end. Raises ValueError when it gets too long."""
    parts: list[str] = []
    length = 0
    for value in values:
        parts.append(show(value))
        length += len(parts[-1]) + 1
        check_length(length)
    return " ".join(parts) + "\n"
