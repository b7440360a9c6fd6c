"""Durations in Prometheus' form (``1y2w3d4h5m6s7ms``: whole numbers, biggest unit first, each at most once)."""

from __future__ import annotations

import re

from storage.text import go_quote

__all__ = ["format_prometheus_duration", "parse_prometheus_duration"]

_MS_NS = 1_000_000
_UNIT_MS = {
    "y": 365 * 86_400_000,
    "w": 7 * 86_400_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1_000,
    "ms": 1,
}
_ORDER = {unit: place for place, unit in enumerate(_UNIT_MS)}
_MAX_NS = (1 << 63) - 1
_TERM = re.compile(r"([0-9]+)([^0-9]+)")


def parse_prometheus_duration(text: str) -> int:
    """Nanoseconds. Raises ValueError, ``unknown unit "x" in duration "5x"`` for one."""
    if text == "0":
        return 0
    if not text:
        raise ValueError("empty duration string")
    total_ns, position, place = 0, 0, -1
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None:
            raise _not_valid(text)
        digits, unit = term.groups()
        if unit not in _UNIT_MS and len(digits) < 20:
            raise ValueError(f"unknown unit {go_quote(unit)} in duration {go_quote(text)}")
        if len(digits) >= 20 or _ORDER[unit] <= place:
            raise _not_valid(text)
        total_ns += int(digits) * _UNIT_MS[unit] * _MS_NS
        if total_ns > _MAX_NS:
            raise ValueError("duration out of range")
        position, place = term.end(), _ORDER[unit]
    return total_ns


def _not_valid(text: str) -> ValueError:
    return ValueError(f"not a valid duration string: {go_quote(text)}")


def format_prometheus_duration(duration_ns: int) -> str:
    """Whole milliseconds; years and weeks only where nothing is left over (``90d``, not ``12w6d``)."""
    rest_ms = duration_ns // _MS_NS
    if rest_ms == 0:
        return "0s"
    text = "-" if rest_ms < 0 else ""
    rest_ms = abs(rest_ms)
    for unit, unit_ms in _UNIT_MS.items():
        if unit in ("y", "w") and rest_ms % unit_ms:
            continue
        count, rest_ms = divmod(rest_ms, unit_ms)
        text += f"{count}{unit}" if count else ""
    return text
