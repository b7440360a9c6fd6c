"""Durations and sizes as Go programs write them."""

from __future__ import annotations

import re

__all__ = ["parse_duration_s", "parse_size_bytes"]

_UNITS_S = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86400.0,
    "w": 604800.0,
}
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h|d|w)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kKmMgG]?)(i?)[bB]?\Z")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3}


def parse_duration_s(text: str) -> float:
    """Read ``1h30m``, ``500ms``, ``0``. Raises ValueError."""
    body = text.strip().lstrip("+")
    if body == "0":
        return 0.0
    negative, body = body.startswith("-"), body.lstrip("-")
    if not body or _PART.sub("", body):
        raise ValueError(f"{text!r} is no duration: write it as 500ms, 10s or 1h30m")
    seconds = sum(float(number) * _UNITS_S[unit] for number, unit in _PART.findall(body))
    return -seconds if negative else seconds


def parse_size_bytes(text: str) -> int:
    """Read ``256KB``, ``1MiB``, ``1024``; K is 1024. Raises ValueError."""
    found = _SIZE.match(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no size: write it as 256KB or 1MB")
    return round(float(found[1]) * (1 << 10 * _POWERS[found[2].lower()]))
