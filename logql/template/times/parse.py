"""Moments read by a layout, with the liberties Go takes: blanks stretch, names may be in any case, decimals of a
second may follow the seconds unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from logql.template.times.calendar import days_in_month, is_leap
from logql.template.times.layout import MONTHS, WEEKDAYS, cut_layout, is_fraction
from logql.template.times.moment import SECOND_NS, Moment, moment_of_date
from logql.template.times.zones import UTC, FixedZone, Zone

__all__ = ["parse_moment"]

_ONE_OR_TWO = re.compile(r"[0-9]{1,2}")
_TWO = re.compile(r"[0-9]{2}")
_ABBREVIATION = re.compile(r"ChST|MeST|GMT(?:[+-][0-9]{1,2})?|[A-Z]{3,4}(?![A-Z])|[A-Z]{4}T(?![A-Z])|[+-][0-9]{2}")
_BLANK_RUNS = re.compile("( +)")
_MAX_LAYOUT_CHARS = 1000
_UNASKED_FRACTION = re.compile(r"[.,]([0-9]+)")
# By what stands between hours, minutes and seconds, and by how many of them there are.
_OFFSETS = {
    (colon, count): re.compile(r"([+-])" + colon.join(["([0-9]{2})"] * count))
    for colon in ("", ":")
    for count in (1, 2, 3)
}


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    year: int = 0
    month: int = 0
    day: int = 0
    year_day: int = 0
    hour: int = 0
    minute: int = 0
    second: int = 0
    nanosecond: int = 0
    is_afternoon: bool | None = None
    zone: Zone | None = None
    offset_s: int | None = None
    abbreviation: str = ""


def parse_moment(layout: str, text: str, zone: Zone) -> Moment:
    """``zone`` holds where the text names none. Raises ValueError."""
    if len(layout) > _MAX_LAYOUT_CHARS:
        raise ValueError("layout too long")
    reading = _Reading()
    elements = cut_layout(layout)
    for place, (literal, code) in enumerate(elements):
        text = _skip_literal(text, literal)
        if not code:
            break
        text = _read_element(reading, code, text)
        if code in ("05", "5") and not is_fraction(elements[place + 1].code):
            text = _read_unasked_fraction(reading, text)
    if text:
        raise ValueError(f"extra text: {text}")
    return _moment(reading, zone)


def _skip_literal(text: str, literal: str) -> str:
    for piece in _BLANK_RUNS.split(literal):
        if piece[:1] == " ":
            if text and text[0] != " ":
                raise _mismatch(text)
            text = text.lstrip(" ")
        elif text.startswith(piece):
            text = text[len(piece) :]
        else:
            raise _mismatch(text)
    return text


def _mismatch(text: str) -> ValueError:
    return ValueError(f"cannot parse {text[:40]!r}")


def _read_element(reading: _Reading, code: str, text: str) -> str:
    """Returns what remains of ``text``."""
    if code in _NUMBERS:
        return _read_number(reading, code, text)
    if code in _READERS:
        return _READERS[code](reading, text)
    if is_fraction(code):
        return _read_fraction(reading, code, text)
    return _read_offset(reading, code, text)


@dataclass(frozen=True, slots=True)
class _Field:
    """A number that goes to an attribute of the reading."""

    name: str
    pattern: re.Pattern[str]
    first: int
    last: int


_NUMBERS = {
    "01": _Field("month", _TWO, 1, 12),
    "1": _Field("month", _ONE_OR_TWO, 1, 12),
    "02": _Field("day", _TWO, 1, 31),
    "_2": _Field("day", _ONE_OR_TWO, 1, 31),
    "2": _Field("day", _ONE_OR_TWO, 1, 31),
    "002": _Field("year_day", re.compile(r"[0-9]{3}"), 1, 366),
    "__2": _Field("year_day", re.compile(r"[0-9]{1,3}"), 1, 366),
    "15": _Field("hour", _ONE_OR_TWO, 0, 23),
    "03": _Field("hour", _TWO, 0, 12),
    "3": _Field("hour", _ONE_OR_TWO, 0, 12),
    "04": _Field("minute", _TWO, 0, 59),
    "4": _Field("minute", _ONE_OR_TWO, 0, 59),
    "05": _Field("second", _TWO, 0, 59),
    "5": _Field("second", _ONE_OR_TWO, 0, 59),
    "2006": _Field("year", re.compile(r"[0-9]{4}"), 0, 9999),
}


def _read_number(reading: _Reading, code: str, text: str) -> str:
    field = _NUMBERS[code]
    if code[0] == "_":
        text = text[1:] if text[:1] == " " else text
        text = text[1:] if code == "__2" and text[:1] == " " else text
    match = field.pattern.match(text)
    if match is None or not field.first <= int(match.group()) <= field.last:
        raise _mismatch(text)
    setattr(reading, field.name, int(match.group()))
    return text[match.end() :]


def _read_short_year(reading: _Reading, text: str) -> str:
    match = _TWO.match(text)
    if match is None:
        raise _mismatch(text)
    year = int(match.group())
    reading.year = year + (1900 if year >= 69 else 2000)
    return text[2:]


def _find_name(names: tuple[str, ...], text: str, length: int | None) -> tuple[int, str]:
    for place, name in enumerate(names):
        name = name[:length]
        if text[: len(name)].lower() == name.lower():
            return place, text[len(name) :]
    raise _mismatch(text)


def _read_month(reading: _Reading, text: str, length: int | None = None) -> str:
    place, rest = _find_name(MONTHS, text, length)
    reading.month = place + 1
    return rest


def _read_weekday(reading: _Reading, text: str, length: int | None = None) -> str:
    return _find_name(WEEKDAYS, text, length)[1]


def _read_half(reading: _Reading, text: str, names: tuple[str, str] = ("AM", "PM")) -> str:
    if text[:2] not in names:
        raise _mismatch(text)
    reading.is_afternoon = text[:2] == names[1]
    return text[2:]


def _read_abbreviation(reading: _Reading, text: str) -> str:
    if text.startswith("UTC"):
        reading.zone = UTC
        return text[3:]
    match = _ABBREVIATION.match(text)
    if match is None:
        raise _mismatch(text)
    reading.abbreviation = match.group()
    return text[match.end() :]


_READERS: dict[str, Callable[[_Reading, str], str]] = {
    "06": _read_short_year,
    "January": _read_month,
    "Jan": lambda reading, text: _read_month(reading, text, 3),
    "Monday": _read_weekday,
    "Mon": lambda reading, text: _read_weekday(reading, text, 3),
    "PM": _read_half,
    "pm": lambda reading, text: _read_half(reading, text, ("am", "pm")),
    "MST": _read_abbreviation,
}


def _read_fraction(reading: _Reading, code: str, text: str) -> str:
    if code[1] == "9":
        return _read_unasked_fraction(reading, text)
    digits = text[1 : len(code)]
    if text[:1] not in (".", ",") or len(digits) != len(code) - 1 or not (digits.isascii() and digits.isdigit()):
        raise _mismatch(text)
    return _read_unasked_fraction(reading, text[: len(code)]) + text[len(code) :]


def _read_unasked_fraction(reading: _Reading, text: str) -> str:
    match = _UNASKED_FRACTION.match(text)
    if match is None:
        return text
    reading.nanosecond = int(match[1][:9].ljust(9, "0"))
    return text[match.end() :]


def _read_offset(reading: _Reading, code: str, text: str) -> str:
    if code[0] == "Z" and text[:1] == "Z":
        reading.zone = UTC
        return text[1:]
    colon = ":" if ":" in code else ""
    count = len(code.replace(":", "")) // 2
    match = _OFFSETS[colon, count].match(text)
    if match is None:
        raise _mismatch(text)
    hours, minutes, seconds = (int(match[place]) if place <= count + 1 else 0 for place in (2, 3, 4))
    if hours > 24 or minutes > 60 or seconds > 60:
        raise _mismatch(text)
    offset_s = hours * 3600 + minutes * 60 + seconds
    reading.offset_s = -offset_s if match[1] == "-" else offset_s
    return text[match.end() :]


def _moment(reading: _Reading, zone: Zone) -> Moment:
    month, day = _month_and_day(reading)
    if reading.zone is not None:
        return _in_zone(reading, month, day, reading.zone)
    as_utc = _in_zone(reading, month, day, UTC)
    if reading.offset_s is not None:
        return _at_offset(as_utc, reading.offset_s, reading.abbreviation, zone)
    if reading.abbreviation:
        return _at_abbreviation(as_utc, reading.abbreviation, zone)
    return _in_zone(reading, month, day, zone)


def _month_and_day(reading: _Reading) -> tuple[int, int]:
    if reading.year_day:
        return _from_year_day(reading)
    month, day = reading.month or 1, reading.day or 1
    if day > days_in_month(reading.year, month):
        raise ValueError("day out of range")
    return month, day


def _from_year_day(reading: _Reading) -> tuple[int, int]:
    if reading.year_day > 365 + is_leap(reading.year):
        raise ValueError("day-of-year out of range")
    month, day = 1, reading.year_day
    while day > days_in_month(reading.year, month):
        day -= days_in_month(reading.year, month)
        month += 1
    if reading.month not in (0, month) or reading.day not in (0, day):
        raise ValueError("day-of-year does not match the date")
    return month, day


def _in_zone(reading: _Reading, month: int, day: int, zone: Zone) -> Moment:
    hour = reading.hour
    if reading.is_afternoon is not None:
        hour = hour % 12 + (12 if reading.is_afternoon else 0) if hour <= 12 else hour
    second_of_day = hour * 3600 + reading.minute * 60 + reading.second
    return moment_of_date(reading.year, month, day, second_of_day, reading.nanosecond, zone)


def _at_offset(as_utc: Moment, offset_s: int, abbreviation: str, zone: Zone) -> Moment:
    unix_ns = as_utc.unix_ns - offset_s * SECOND_NS
    zone_offset_s, zone_abbreviation = zone.at(unix_ns // SECOND_NS)
    if zone_offset_s == offset_s and abbreviation in ("", zone_abbreviation):
        return Moment(unix_ns, zone)
    return Moment(unix_ns, FixedZone(abbreviation, offset_s))


def _at_abbreviation(as_utc: Moment, abbreviation: str, zone: Zone) -> Moment:
    """An abbreviation that the zone does not use has an unknown offset, which counts as 0."""
    offset_s, known = zone.at(as_utc.unix_ns // SECOND_NS)
    if abbreviation == known:
        return Moment(as_utc.unix_ns - offset_s * SECOND_NS, zone)
    hours = int(abbreviation[3:]) if abbreviation.startswith("GMT") and len(abbreviation) > 3 else 0
    return Moment(as_utc.unix_ns - hours * 3600 * SECOND_NS, FixedZone(abbreviation, hours * 3600))
