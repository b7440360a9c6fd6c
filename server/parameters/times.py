"""Moments and windows: ``time``, ``start``, ``end``, ``since``."""

from __future__ import annotations

from dataclasses import dataclass

from logql.values.prometheus_duration import parse_prometheus_duration
from server.http.errors import BadRequest
from server.notation.rfc3339 import INT64_MAX, INT64_MIN, parse_rfc3339, within_int64
from server.parameters.form import Parameters
from server.parameters.numbers import DECIMAL, parse_go_int
from server.units import NS, NS_PER_MS

__all__ = ["Window", "parse_timestamp", "parse_window"]

DEFAULT_SINCE_NS = 3600 * NS
# A longer integer counts nanoseconds, one of up to so many characters (the sign included) seconds.
_SECONDS_CHARACTERS = 10


@dataclass(frozen=True, slots=True)
class Window:
    """[start_ns, end_ns)."""

    start_ns: int
    end_ns: int


def parse_timestamp(text: str) -> int:
    """Nanoseconds since the epoch, kept within 64 bits. ValueError with the reference's text."""
    if "." in text and DECIMAL.match(text):
        return within_int64(_seconds_to_ms(float(text)) * NS_PER_MS)
    try:
        number = parse_go_int(text)
    except ValueError:
        moment_ns = parse_rfc3339(text)
        if moment_ns is None:
            raise
        return moment_ns
    return within_int64(number * NS) if len(text) <= _SECONDS_CHARACTERS else number


def _seconds_to_ms(seconds: float) -> int:
    return round(seconds * 1000) if abs(seconds) < 2**53 else (INT64_MAX if seconds > 0 else INT64_MIN)


def parse_window(parameters: Parameters, now_ns: int) -> Window:
    """``start``, ``end`` and ``since`` with their defaults; an end before the start is refused."""
    start_ns = _optional(parameters, "start")
    end_ns = _optional(parameters, "end")
    since_ns = _since(parameters)
    if end_ns is None:
        end_ns = now_ns
    if start_ns is None:
        start_ns = max(min(end_ns, now_ns) - since_ns, INT64_MIN)
    if end_ns < start_ns:
        raise BadRequest("end timestamp must not be before or equal to start time")
    return Window(start_ns, end_ns)


def _optional(parameters: Parameters, name: str) -> int | None:
    text = parameters.first(name)
    if not text:
        return None
    try:
        return parse_timestamp(text)
    except ValueError as error:
        raise BadRequest(f"could not parse '{name}' parameter: {error}") from None


def _since(parameters: Parameters) -> int:
    text = parameters.first("since")
    if not text:
        return DEFAULT_SINCE_NS
    try:
        return parse_prometheus_duration(text)
    except ValueError as error:
        raise BadRequest(f"could not parse 'since' parameter: {error}") from None
