"""Times in RFC 3339, as nanoseconds since the epoch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from server.units import NS

__all__ = ["INT64_MAX", "INT64_MIN", "parse_rfc3339", "within_int64"]

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))\Z"
)


def parse_rfc3339(text: str) -> int | None:
    """Nanoseconds since the epoch, kept within 64 bits; None when the text is no such time."""
    match = _RFC3339.match(text)
    if match is None:
        return None
    *date, fraction, sign, hours, minutes = match.groups()
    try:
        moment = datetime(*map(int, date), tzinfo=_zone(sign, hours, minutes))  # type: ignore[misc, arg-type]
    except ValueError:
        return None
    since_epoch = moment - _EPOCH
    seconds = since_epoch.days * 86400 + since_epoch.seconds
    return within_int64(seconds * NS + int((fraction or "").ljust(9, "0")[:9]))


def _zone(sign: str | None, hours: str, minutes: str) -> timezone:
    if sign is None:
        return UTC
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def within_int64(moment_ns: int) -> int:
    return min(max(moment_ns, INT64_MIN), INT64_MAX)
