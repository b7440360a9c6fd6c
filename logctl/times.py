"""Moments and spans of time as people write them, in nanoseconds, and how moments are printed."""

from __future__ import annotations

import argparse
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from logctl.errors import UsageError

__all__ = ["Window", "add_arguments", "as_parameter", "format_moment", "parse_duration", "parse_moment", "parse_zone"]

_SECOND_NS = 1_000_000_000
_UNIT_NS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": _SECOND_NS,
    "m": 60 * _SECOND_NS,
    "h": 3_600 * _SECOND_NS,
    "d": 86_400 * _SECOND_NS,
    "w": 7 * 86_400 * _SECOND_NS,
    "y": 365 * 86_400 * _SECOND_NS,
}
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w|y)")
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?\Z", re.IGNORECASE
)
# The API reads integers of up to ten characters as seconds and longer ones as nanoseconds; so do we.
_SECONDS_DIGITS = 10


def parse_duration(text: str) -> int:
    """Read ``1h``, ``1h30m``, ``1.5d`` into nanoseconds. Raises UsageError."""
    if not text or _DURATION_PART.sub("", text):
        raise UsageError(f"duration {text!r}: write it as 5m, 1h30m or 7d")
    return sum(round(float(number) * _UNIT_NS[unit]) for number, unit in _DURATION_PART.findall(text))


def parse_zone(name: str) -> tzinfo | None:
    """Return the zone; None stands for the local one. Raises UsageError."""
    if name.lower() == "local":
        return None
    if name.upper() in ("UTC", "Z"):
        return UTC
    # Importing it costs as much as the rest of a command's start.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"time zone {name!r} is not known: Local, UTC or a name such as Europe/Berlin") from error


def parse_moment(text: str, zone: tzinfo | None = None) -> int:
    """Read RFC 3339 (date, blank and missing zone allowed), ``now`` or Unix time into nanoseconds since the epoch.

    ``zone`` is that of moments that name none. Raises UsageError.
    """
    if text == "now":
        return time.time_ns()
    if text.isascii() and text.removeprefix("-").isdigit():
        return int(text) * (_SECOND_NS if len(text) <= _SECONDS_DIGITS else 1)
    match = _MOMENT.match(text)
    if match is None:
        raise UsageError(f"time {text!r}: write it as 2026-11-22T17:19:13Z, 2026-11-22 17:19 or Unix seconds")
    *fields, fraction, offset = match.groups()
    try:
        year, month, day, hour, minute, second = (int(field or 0) for field in fields)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_offset(offset) or zone)
        return round(moment.astimezone(UTC).timestamp()) * _SECOND_NS + int((fraction or "").ljust(9, "0"))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"time {text!r}: {error}") from error


def as_parameter(ts_ns: int) -> str:
    """Write nanoseconds so that the API does not take a small number for seconds."""
    return f"{ts_ns:0{_SECONDS_DIGITS + 1}d}"


def format_moment(ts_ns: int, zone: tzinfo | None, digits: int = 9) -> str:
    """Write RFC 3339 with ``digits`` digits of fraction; None stands for the local zone."""
    seconds, nanoseconds = divmod(ts_ns, _SECOND_NS)
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    fraction = f".{nanoseconds:09d}"[: digits + 1] if digits else ""
    offset = moment.strftime("%z")
    suffix = "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{suffix}"


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time to ask about: start included, end excluded."""

    start_ns: int
    end_ns: int

    @classmethod
    def from_args(cls, args: argparse.Namespace, zone_name: str) -> Window:
        """Read --from, --to and --since, in that zone. Raises UsageError."""
        zone = parse_zone(zone_name)
        end_ns = parse_moment(args.to, zone) if args.to else time.time_ns()
        start_ns = parse_moment(args.start, zone) if args.start else end_ns - parse_duration(args.since)
        if end_ns < start_ns:
            raise UsageError("--from is later than --to")
        return cls(start_ns, end_ns)

    def parameters(self) -> list[tuple[str, str]]:
        """As the API wants them."""
        return [("start", as_parameter(self.start_ns)), ("end", as_parameter(self.end_ns))]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --since, --from and --to."""
    group = parser.add_argument_group("time")
    group.add_argument("--since", default="1h", metavar="DURATION", help="look back so far (default 1h)")
    group.add_argument("--from", dest="start", metavar="TIME", help="start, included; RFC 3339 or Unix time")
    group.add_argument("--to", metavar="TIME", help="end, excluded (default now)")


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    return datetime.fromisoformat(f"2000-01-01T00:00:00{text.upper().replace('Z', '+00:00')}").tzinfo
