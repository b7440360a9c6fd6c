"""Durations as Loki reads and prints them: Prometheus style (``30d1h``) and Go style (``721h0m0s``), in nanoseconds."""

from __future__ import annotations

import re

__all__ = ["NS", "format_go", "format_prometheus", "parse_prometheus"]

NS = 1_000_000_000
_MAX_NS = 2**63 - 1
_UNITS_NS = {
    "y": 365 * 86400 * NS,
    "w": 7 * 86400 * NS,
    "d": 86400 * NS,
    "h": 3600 * NS,
    "m": 60 * NS,
    "s": NS,
    "ms": NS // 1000,
}
_PROMETHEUS = re.compile("".join(rf"(?:([0-9]+){unit})?" for unit in _UNITS_NS) + r"\Z")
# Years and weeks are printed only when nothing is left over: 8d, not 1w1d.
_WHOLE_ONLY = ("y", "w")


def parse_prometheus(text: str) -> int:
    """``1h30m`` in nanoseconds: whole numbers, units descending, each once. ValueError with the reference's text."""
    if text == "0":
        return 0
    if not text:
        raise ValueError("empty duration string")
    match = _PROMETHEUS.match(text)
    if match is None:
        raise ValueError(f'not a valid duration string: "{text}"')
    amounts = zip(match.groups(), _UNITS_NS.values(), strict=True)
    duration_ns = sum(int(amount) * unit_ns for amount, unit_ns in amounts if amount)
    if duration_ns > _MAX_NS:
        raise ValueError("duration out of range")
    return duration_ns


def format_prometheus(duration_ns: int) -> str:
    """``30d1h``; ``0s`` for nothing; what is below a millisecond is dropped."""
    rest, text = duration_ns, ""
    for unit, unit_ns in _UNITS_NS.items():
        if unit in _WHOLE_ONLY and rest % unit_ns:
            continue
        amount, rest = divmod(rest, unit_ns)
        text += f"{amount}{unit}" if amount else ""
    return text or "0s"


def format_go(duration_ns: int) -> str:
    """``26490h44m0s``, ``1.5s``, ``10ms``: as Go prints a duration."""
    if duration_ns < 0:
        return "-" + format_go(-duration_ns)
    if duration_ns < NS:
        return _format_go_fraction(duration_ns)
    minutes, rest_ns = divmod(duration_ns, 60 * NS)
    hours, minutes = divmod(minutes, 60)
    seconds = _decimal(rest_ns, NS) + "s"
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds


def _format_go_fraction(duration_ns: int) -> str:
    for unit, unit_ns in (("ms", 1_000_000), ("µs", 1000), ("ns", 1)):
        if duration_ns >= unit_ns:
            return _decimal(duration_ns, unit_ns) + unit
    return "0s"


def _decimal(amount: int, unit: int) -> str:
    """``amount / unit`` without trailing zeros; ``unit`` is a power of ten."""
    whole, rest = divmod(amount, unit)
    digits = len(str(unit)) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0") if rest else str(whole)
