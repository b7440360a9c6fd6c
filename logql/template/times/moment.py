"""A moment in time, seen from a zone: Go's time.Time."""

from __future__ import annotations

from dataclasses import dataclass

from logql.template.times.calendar import days_since_epoch, iso_date
from logql.template.times.zones import UTC, Zone, local_to_unix

__all__ = ["SECOND_NS", "ZERO", "Moment", "WallClock", "moment_of_date"]

SECOND_NS = 1_000_000_000
_ZERO_TIME_S = -62_135_596_800


@dataclass(frozen=True, slots=True)
class WallClock:
    """What a clock on the wall of a zone shows. ``weekday`` 0 is Sunday, ``year_day`` 1 the first of January."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    weekday: int
    year_day: int
    offset_s: int
    abbreviation: str


@dataclass(frozen=True, slots=True)
class Moment:
    """Nanoseconds since 1970 (any number of them) and the zone that shows them."""

    unix_ns: int
    zone: Zone

    def wall_clock(self) -> WallClock:
        unix_s, nanosecond = divmod(self.unix_ns, SECOND_NS)
        offset_s, abbreviation = self.zone.at(unix_s)
        days, second_of_day = divmod(unix_s + offset_s, 86_400)
        year, month, day = iso_date(days)
        minutes, second = divmod(second_of_day, 60)
        hour, minute = divmod(minutes, 60)
        year_day = days - days_since_epoch(year, 1, 1) + 1
        weekday = (days + 4) % 7
        return WallClock(year, month, day, hour, minute, second, nanosecond, weekday, year_day, offset_s, abbreviation)


ZERO = Moment(_ZERO_TIME_S * SECOND_NS, UTC)


def moment_of_date(year: int, month: int, day: int, second_of_day: int, nanosecond: int, zone: Zone) -> Moment:
    """The moment when the clocks of ``zone`` show this; parts out of range carry over."""
    local_s = days_since_epoch(year, month, day) * 86_400 + second_of_day
    return Moment(local_to_unix(local_s, zone) * SECOND_NS + nanosecond, zone)
