"""Moments printed by a layout."""

from __future__ import annotations

from collections.abc import Callable

from logql.template.times.layout import MONTHS, WEEKDAYS, cut_layout, is_fraction
from logql.template.times.moment import Moment, WallClock

__all__ = ["format_moment"]


def format_moment(moment: Moment, layout: str) -> str:
    """``layout`` with each element replaced by what the moment's zone shows."""
    clock = moment.wall_clock()
    parts: list[str] = []
    for literal, code in cut_layout(layout):
        parts.append(literal)
        if code:
            parts.append(_element(clock, code))
    return "".join(parts)


def _element(clock: WallClock, code: str) -> str:
    if code in _SIMPLE:
        return _SIMPLE[code](clock)
    return _fraction(clock, code) if is_fraction(code) else _offset(clock.offset_s, code)


def _year(clock: WallClock) -> str:
    return f"{'-' if clock.year < 0 else ''}{abs(clock.year):04d}"


def _abbreviation(clock: WallClock) -> str:
    if clock.abbreviation:
        return clock.abbreviation
    return _offset(clock.offset_s, "-0700" if clock.offset_s % 3600 else "-07")


_SIMPLE: dict[str, Callable[[WallClock], str]] = {
    "2006": _year,
    "06": lambda clock: f"{abs(clock.year) % 100:02d}",
    "January": lambda clock: MONTHS[clock.month - 1],
    "Jan": lambda clock: MONTHS[clock.month - 1][:3],
    "01": lambda clock: f"{clock.month:02d}",
    "1": lambda clock: str(clock.month),
    "Monday": lambda clock: WEEKDAYS[clock.weekday],
    "Mon": lambda clock: WEEKDAYS[clock.weekday][:3],
    "02": lambda clock: f"{clock.day:02d}",
    "_2": lambda clock: f"{clock.day:2d}",
    "2": lambda clock: str(clock.day),
    "002": lambda clock: f"{clock.year_day:03d}",
    "__2": lambda clock: f"{clock.year_day:3d}",
    "15": lambda clock: f"{clock.hour:02d}",
    "03": lambda clock: f"{(clock.hour + 11) % 12 + 1:02d}",
    "3": lambda clock: str((clock.hour + 11) % 12 + 1),
    "04": lambda clock: f"{clock.minute:02d}",
    "4": lambda clock: str(clock.minute),
    "05": lambda clock: f"{clock.second:02d}",
    "5": lambda clock: str(clock.second),
    "PM": lambda clock: "PM" if clock.hour >= 12 else "AM",
    "pm": lambda clock: "pm" if clock.hour >= 12 else "am",
    "MST": _abbreviation,
}


def _fraction(clock: WallClock, code: str) -> str:
    digits = f"{clock.nanosecond:09d}".ljust(len(code) - 1, "0")[: len(code) - 1]
    if code[1] == "0":
        return code[0] + digits
    digits = digits.rstrip("0")
    return code[0] + digits if digits else ""


def _offset(offset_s: int, code: str) -> str:
    """``code`` shows the form: ``Z07:00`` is Z for UTC, else with colons; ``-070000`` has seconds."""
    if code[0] == "Z" and offset_s == 0:
        return "Z"
    hours, rest_s = divmod(abs(offset_s), 3600)
    parts = (f"{hours:02d}", f"{rest_s // 60:02d}", f"{rest_s % 60:02d}")
    count = len(code.replace(":", "")) // 2
    return ("-" if offset_s < 0 else "+") + (":" if ":" in code else "").join(parts[:count])
