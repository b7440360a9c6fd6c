"""Humanised sizes (``5.1kB``, ``5 KiB``, ``1,000``), in whole bytes held as float."""

from __future__ import annotations

import math
import re

from logql.values.number import format_number, parse_float

__all__ = ["format_byte_size", "format_iec_size", "parse_byte_size"]

_PREFIXES = ("k", "m", "g", "t", "p", "e")
_MAX_BYTES = float(1 << 64)
_NUMBER = re.compile(r"[\d.,]*")


def _unit_table() -> dict[str, int]:
    table = {"": 1, "b": 1}
    for power, prefix in enumerate(_PREFIXES, start=1):
        table |= dict.fromkeys((prefix, f"{prefix}b"), 1000**power)
        table |= dict.fromkeys((f"{prefix}i", f"{prefix}ib"), 1024**power)
    return table


_UNIT_BYTES = _unit_table()
_WHOLE_UNITS = (
    *((f"{prefix}B", 1000**power) for power, prefix in enumerate("kMGTP", start=1)),
    *((f"{prefix}iB", 1024**power) for power, prefix in enumerate("KMGTP", start=1)),
)


def parse_byte_size(text: str) -> float:
    """Whole bytes (decimals are cut). Raises ValueError: ``unhandled size name: xyz``, ``too large: 999EB``, or the
    text of ParseFloat when there is no number in front."""
    number = _NUMBER.match(text)
    assert number is not None
    value = parse_float(number.group().replace(",", ""))
    unit = text[number.end() :].strip().lower()
    if unit not in _UNIT_BYTES:
        raise ValueError(f"unhandled size name: {unit}")
    size_bytes = value * _UNIT_BYTES[unit]
    if size_bytes >= _MAX_BYTES:
        raise ValueError(f"too large: {text}")
    return float(math.floor(size_bytes))


def format_byte_size(size_bytes: float) -> str:
    """About two digits (``5.1kB``) where that is exact, else the shortest exact (``1245MB``, ``5KiB``, ``5121B``)."""
    rounded = _humanised(int(size_bytes))
    if parse_byte_size(rounded) == size_bytes:
        return rounded
    whole = [f"{int(size_bytes) // unit}{name}" for name, unit in _WHOLE_UNITS if size_bytes % unit == 0]
    return min((*whole, format_number(size_bytes) + "B"), key=len)


def format_iec_size(size_bytes: int) -> str:
    """For people: ``12 GiB``, ``1.5 KiB``, two digits at most where there is a unit."""
    power = 0
    while power < len(_PREFIXES) and size_bytes >= 1024 ** (power + 1):
        power += 1
    if power == 0:
        return f"{size_bytes} B"
    tenths = math.floor(size_bytes / 1024**power * 10 + 0.5)
    digits = f"{tenths / 10:.1f}" if tenths < 100 else str(round(tenths / 10))
    return f"{digits} {_PREFIXES[power - 1].upper()}iB"


def _humanised(size_bytes: int) -> str:
    if size_bytes < 10:
        return f"{size_bytes}B"
    power = min((len(str(size_bytes)) - 1) // 3, 5)
    tenths = math.floor(size_bytes / 1000**power * 10 + 0.5)
    digits = f"{tenths / 10:.1f}" if tenths < 100 else str(round(tenths / 10))
    return digits + ("B", "kB", "MB", "GB", "TB", "PB")[power]
