"""Moments: now, reading and printing by layout, Unix times."""

from __future__ import annotations

import time

from logql.template.function import ANY, STRING, TIME, Function
from logql.template.literals import parse_integer
from logql.template.times.format import format_moment
from logql.template.times.moment import SECOND_NS, ZERO, Moment
from logql.template.times.parse import parse_moment
from logql.template.times.zones import LOCAL, UTC, Zone, find_zone
from logql.template.values import Int64, is_integer, to_bytes
from storage.text import go_quote

__all__ = ["TIME_FUNCTIONS"]

# By number of digits: days, seconds, milli-, micro-, nanoseconds.
_UNIT_NS = {5: 86_400 * SECOND_NS, 10: SECOND_NS, 13: 1_000_000, 16: 1000, 19: 1}


def now() -> Moment:
    return Moment(time.time_ns(), LOCAL)


def date(layout: str, value: object) -> str:
    """``value`` is a moment or Unix seconds; anything else means now."""
    if isinstance(value, Moment):
        moment = Moment(value.unix_ns, LOCAL)
    elif is_integer(value) and type(value) in (int, Int64):
        moment = Moment(int(value) * SECOND_NS, LOCAL)
    else:
        moment = now()
    return format_moment(moment, layout)


def to_date(layout: str, text: str) -> Moment:
    """The zero time for what does not fit the layout."""
    return _parse(layout, text, LOCAL)


def to_date_in_zone(layout: str, zone: str, text: str) -> Moment:
    """A zone that nobody knows is UTC."""
    try:
        known = find_zone(zone)
    except ValueError:
        known = UTC
    return _parse(layout, text, known)


def _parse(layout: str, text: str, zone: Zone) -> Moment:
    try:
        return parse_moment(layout, text, zone)
    except ValueError:
        return ZERO


def unix_to_time(text: str) -> Moment:
    """The number of digits tells the unit. Raises ValueError."""
    number = _decimal_integer(text)
    unit_ns = _UNIT_NS.get(len(to_bytes(text)))
    if unit_ns is None:
        raise ValueError(f"unable to parse time '{text}': %!w(<nil>)")
    return Moment(number * unit_ns, LOCAL)


def _decimal_integer(text: str) -> int:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(_unreadable(text, "invalid syntax"))
    number = parse_integer((text[0] if text != digits else "") + (digits.lstrip("0") or "0"))
    if number is None:
        raise ValueError(_unreadable(text, "value out of range"))
    return number


def _unreadable(text: str, cause: str) -> str:
    return f"unable to parse time '{text}': strconv.ParseInt: parsing {go_quote(text)}: {cause}"


def _unix(unit_ns: int, moment: Moment) -> str:
    return str(moment.unix_ns // unit_ns)


TIME_FUNCTIONS = (
    Function("now", (), now),
    Function("date", (STRING, ANY), date),
    Function("toDate", (STRING, STRING), to_date, steps=4),
    Function("toDateInZone", (STRING, STRING, STRING), to_date_in_zone, steps=10),
    Function("unixEpoch", (TIME,), lambda moment: _unix(SECOND_NS, moment)),
    Function("unixEpochMillis", (TIME,), lambda moment: _unix(1_000_000, moment)),
    Function("unixEpochNanos", (TIME,), lambda moment: _unix(1, moment)),
    Function("unixToTime", (STRING,), unix_to_time),
)
