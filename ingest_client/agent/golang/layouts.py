"""Go's layouts of time, read: ``2006-01-02T15:04:05.000Z07:00`` and the names that promtail has for some.

A layout becomes a pattern once. Stamps of one minute share all that is slow about a date, so the last few are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

__all__ = ["LAYOUTS", "compile_layout"]

LAYOUTS = {
    "ANSIC": "Mon Jan _2 15:04:05 2006",
    "UnixDate": "Mon Jan _2 15:04:05 MST 2006",
    "RubyDate": "Mon Jan 02 15:04:05 -0700 2006",
    "RFC822": "02 Jan 06 15:04 MST",
    "RFC822Z": "02 Jan 06 15:04 -0700",
    "RFC850": "Monday, 02-Jan-06 15:04:05 MST",
    "RFC1123": "Mon, 02 Jan 2006 15:04:05 MST",
    "RFC1123Z": "Mon, 02 Jan 2006 15:04:05 -0700",
    "RFC3339": "2006-01-02T15:04:05Z07:00",
    "RFC3339Nano": "2006-01-02T15:04:05.999999999Z07:00",
}
_UNIX_NS = {"Unix": 1_000_000_000, "UnixMs": 1_000_000, "UnixUs": 1_000, "UnixNs": 1}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NS = 86_400_000_000_000
_MAX_DAYS_KEPT = 64

# Go's chunks, the longer before those they begin with.
_CHUNKS = (
    ("January", r"(?P<month_name>[A-Za-z]{3,9})"),
    ("Jan", r"(?P<month_name>[A-Za-z]{3})"),
    ("Monday", r"[A-Za-z]{6,9}"),
    ("Mon", r"[A-Za-z]{3}"),
    ("MST", r"(?P<zone_name>[A-Z]{3,5}|[+-]\d\d(?:\d\d)?)"),
    ("2006", r"(?P<year>\d{4})"),
    ("-07:00:00", r"(?P<offset>[+-]\d\d:\d\d(?::\d\d)?)"),
    ("-07:00", r"(?P<offset>[+-]\d\d:\d\d)"),
    ("-0700", r"(?P<offset>[+-]\d{4})"),
    ("-07", r"(?P<offset>[+-]\d\d)"),
    ("Z07:00", r"(?P<offset>Z|[+-]\d\d:\d\d)"),
    ("Z0700", r"(?P<offset>Z|[+-]\d{4})"),
    ("Z07", r"(?P<offset>Z|[+-]\d\d)"),
    ("002", r"(?P<year_day>\d{3})"),
    ("01", r"(?P<month>\d\d)"),
    ("02", r"(?P<day>\d\d)"),
    ("03", r"(?P<hour12>\d\d)"),
    ("04", r"(?P<minute>\d\d)"),
    ("05", r"(?P<second>\d\d)"),
    ("06", r"(?P<year2>\d\d)"),
    ("15", r"(?P<hour>\d\d)"),
    ("_2", r"(?P<day> ?\d{1,2})"),
    ("PM", r"(?P<half>AM|PM)"),
    ("pm", r"(?P<half>am|pm)"),
    ("1", r"(?P<month>\d{1,2})"),
    ("2", r"(?P<day>\d{1,2})"),
    ("3", r"(?P<hour12>\d{1,2})"),
    ("4", r"(?P<minute>\d{1,2})"),
    ("5", r"(?P<second>\d{1,2})"),
)
_FRACTION = re.compile(r"[.,](?:0+|9+)(?![0-9])")

Parse = Callable[[str], int]


def compile_layout(layout: str, location: tzinfo = UTC, now: Callable[[], datetime] | None = None) -> Parse:
    """A function from text to nanoseconds since the epoch, which raises ValueError for what is not of the layout.

    ``location`` is the zone of stamps that have none; ``now`` is asked for the year of those without one.
    """
    if layout in _UNIX_NS:
        return _unix(_UNIX_NS[layout])
    pattern = re.compile(_pattern(LAYOUTS.get(layout, layout)))
    if not {"year", "month", "day", "hour", "hour12", "minute", "month_name", "year2", "year_day"} & set(
        pattern.groupindex
    ):
        raise ValueError(f"layout {layout!r} has no part of a time: write it for 2006-01-02T15:04:05 as Go has it")
    return _Stamps(layout, pattern, location, now or (lambda: datetime.now(UTC))).parse


def _unix(unit_ns: int) -> Parse:
    def parse(text: str) -> int:
        whole, point, fraction = text.strip().partition(".")
        if not whole.lstrip("-").isascii() or not whole.lstrip("-").isdigit():
            raise ValueError(f"{text!r} is no number of Unix time")
        if not point:
            return int(whole) * unit_ns
        digits = (fraction + "000000000")[:9]
        return int(whole) * unit_ns + int(digits) * unit_ns // 1_000_000_000

    return parse


def _pattern(layout: str) -> str:
    out: list[str] = []
    place = 0
    while place < len(layout):
        fraction = _FRACTION.match(layout, place)
        if fraction and out and out[-1].startswith("(?P<second>"):
            digits = len(fraction.group()) - 1
            optional = fraction.group()[1] == "9"
            out.append(r"(?:[.,](?P<fraction>\d{1,9})\d*)?" if optional else rf"[.,](?P<fraction>\d{{{digits}}})")
            place = fraction.end()
            continue
        chunk = next((each for each in _CHUNKS if layout.startswith(each[0], place)), None)
        if chunk is None:
            out.append(re.escape(layout[place]))
            place += 1
            continue
        out.append(chunk[1])
        place += len(chunk[0])
        if chunk[0] in ("05", "5") and not _FRACTION.match(layout, place):
            # Go takes a fraction behind seconds also where the layout has none.
            out.append(r"(?:[.,](?P<fraction>\d{1,9})\d*)?")
    return "".join(_once(out)) + r"\Z"


def _once(parts: list[str]) -> list[str]:
    """A part that a layout has twice is read the first time."""
    seen: set[str] = set()
    result = []
    for part in parts:
        name = re.search(r"\?P<(\w+)>", part)
        if name and name[1] in seen:
            part = part.replace(f"?P<{name[1]}>", "?:", 1)
        elif name:
            seen.add(name[1])
        result.append(part)
    return result


class _Stamps:
    def __init__(self, layout: str, pattern: re.Pattern[str], location: tzinfo, now: Callable[[], datetime]) -> None:
        self._layout, self._match, self._location, self._now = layout, pattern.match, location, now
        # From what a stamp says beside minutes, seconds and fraction to the nanoseconds of that hour.
        self._hours: dict[tuple[str | None, ...], int] = {}
        names = set(pattern.groupindex)
        self._slow = tuple(sorted(names - {"minute", "second", "fraction"}))
        self._has_minute, self._has_second = "minute" in names, "second" in names
        self._has_fraction = "fraction" in names
        self._has_year = bool(names & {"year", "year2"})

    def parse(self, text: str) -> int:
        found = self._match(text)
        if found is None:
            raise ValueError(f"{text!r} is not of the layout {self._layout!r}")
        key = tuple(map(found.group, self._slow))
        hour_ns = self._hours.get(key) if self._has_year else None
        if hour_ns is None:
            hour_ns = self._hour_ns(dict(zip(self._slow, key, strict=True)))
            if len(self._hours) >= _MAX_DAYS_KEPT:
                self._hours.clear()
            self._hours[key] = hour_ns
        minute = int(found["minute"]) if self._has_minute else 0
        second = int(found["second"]) if self._has_second else 0
        if minute > 59 or second > 60:
            raise ValueError(f"{text!r} is no time of a day")
        ts_ns = hour_ns + (minute * 60 + second) * 1_000_000_000
        fraction = found["fraction"] if self._has_fraction else None
        return ts_ns + int(fraction.ljust(9, "0")) if fraction else ts_ns

    def _hour_ns(self, parts: dict[str, str | None]) -> int:
        now = self._now().astimezone(self._location)
        year = _year(parts, now.year)
        has_date = any(parts.get(name) for name in ("month", "month_name", "day", "year_day"))
        month, day = (_month(parts), int(parts.get("day") or 1)) if has_date or self._has_year else (now.month, now.day)
        hour = _hour(parts)
        zone = _zone(parts, self._location)
        moment = datetime(year, month, day, hour, tzinfo=zone)
        if parts.get("year_day"):
            moment = datetime(year, 1, 1, hour, tzinfo=zone) + timedelta(days=int(parts["year_day"] or 1) - 1)
        if not self._has_year and moment - now > timedelta(days=1):
            # A line of last December that is read in January.
            moment = moment.replace(year=year - 1)
        elapsed = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return elapsed.days * _DAY_NS + elapsed.seconds * 1_000_000_000


def _year(parts: dict[str, str | None], current: int) -> int:
    if parts.get("year"):
        return int(parts["year"] or 0)
    if parts.get("year2"):
        two = int(parts["year2"] or 0)
        return two + (1900 if two >= 69 else 2000)
    return current


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("month_name")
    if name:
        short = name[:3].lower()
        if short not in _MONTHS:
            raise ValueError(f"{name!r} is no month")
        return _MONTHS.index(short) + 1
    return int(parts.get("month") or 1)


def _hour(parts: dict[str, str | None]) -> int:
    if parts.get("hour12"):
        hour = int(parts["hour12"] or 0) % 12
        return hour + 12 if (parts.get("half") or "").upper() == "PM" else hour
    return int(parts.get("hour") or 0)


def _zone(parts: dict[str, str | None], location: tzinfo) -> tzinfo:
    offset = parts.get("offset") or _offset_of_name(parts.get("zone_name"))
    if not offset:
        return location
    if offset == "Z":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _offset_of_name(name: str | None) -> str | None:
    """UTC and GMT are known by name; of other names nobody can say which zone they mean, as in Go."""
    if name is None or name[:1] in "+-":
        return name
    return "Z" if name in ("UTC", "GMT") else None
