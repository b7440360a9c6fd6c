"""Methods of time values: ``__timestamp__.Unix``, ``(toDate ...).Format "15:04"``."""

from __future__ import annotations

from collections.abc import Callable

from logql.template.function import DURATION, INT, STRING, TIME, Function
from logql.template.literals import MAX_INT64, MIN_INT64
from logql.template.printing import show
from logql.template.times.format import format_moment
from logql.template.times.moment import SECOND_NS, ZERO, Moment, WallClock, moment_of_date
from logql.template.times.zones import LOCAL, UTC
from logql.template.values import Duration, Int64, Month, Weekday, wrap_int64

__all__ = ["METHODS", "methods_called"]

_ZERO_NS = ZERO.unix_ns


def _clock(name: str, read: Callable[[WallClock], object]) -> Function:
    return Function(name, (), lambda moment: read(moment.wall_clock()))


def _unix(name: str, unit_ns: int) -> Function:
    return Function(name, (), lambda moment: wrap_int64(moment.unix_ns // unit_ns))


def _add(moment: Moment, duration: int) -> Moment:
    return Moment(moment.unix_ns + duration, moment.zone)


def _add_date(moment: Moment, years: int, months: int, days: int) -> Moment:
    clock = moment.wall_clock()
    second_of_day = clock.hour * 3600 + clock.minute * 60 + clock.second
    year, month, day = clock.year + years, clock.month + months, clock.day + days
    return moment_of_date(year, month, day, second_of_day, clock.nanosecond, moment.zone)


def _subtract(moment: Moment, other: Moment) -> Duration:
    """Stops at the longest duration instead of wrapping."""
    return Duration(min(max(moment.unix_ns - other.unix_ns, MIN_INT64), MAX_INT64))


def _truncate(moment: Moment, step: int) -> Moment:
    """Down to a multiple of ``step`` since the zero time."""
    rest = (moment.unix_ns - _ZERO_NS) % step if step > 0 else 0
    return Moment(moment.unix_ns - rest, moment.zone)


def _round(moment: Moment, step: int) -> Moment:
    rest = (moment.unix_ns - _ZERO_NS) % step if step > 0 else 0
    return Moment(moment.unix_ns - rest + (step if rest and rest + rest >= step else 0), moment.zone)


def _compare(moment: Moment, other: Moment) -> int:
    return (moment.unix_ns > other.unix_ns) - (moment.unix_ns < other.unix_ns)


_MOMENT = (
    Function("Format", (STRING,), format_moment),
    Function("String", (), show),
    _unix("Unix", SECOND_NS),
    _unix("UnixMilli", 1_000_000),
    _unix("UnixMicro", 1000),
    _unix("UnixNano", 1),
    _clock("Year", lambda clock: clock.year),
    _clock("Month", lambda clock: Month(clock.month)),
    _clock("Day", lambda clock: clock.day),
    _clock("Hour", lambda clock: clock.hour),
    _clock("Minute", lambda clock: clock.minute),
    _clock("Second", lambda clock: clock.second),
    _clock("Nanosecond", lambda clock: clock.nanosecond),
    _clock("Weekday", lambda clock: Weekday(clock.weekday)),
    _clock("YearDay", lambda clock: clock.year_day),
    Function("UTC", (), lambda moment: Moment(moment.unix_ns, UTC)),
    Function("Local", (), lambda moment: Moment(moment.unix_ns, LOCAL)),
    Function("IsZero", (), lambda moment: moment.unix_ns == _ZERO_NS),
    Function("Add", (DURATION,), _add),
    Function("AddDate", (INT, INT, INT), _add_date),
    Function("Sub", (TIME,), _subtract),
    Function("Truncate", (DURATION,), _truncate),
    Function("Round", (DURATION,), _round),
    Function("After", (TIME,), lambda moment, other: moment.unix_ns > other.unix_ns),
    Function("Before", (TIME,), lambda moment, other: moment.unix_ns < other.unix_ns),
    Function("Equal", (TIME,), lambda moment, other: moment.unix_ns == other.unix_ns),
    Function("Compare", (TIME,), _compare),
)


def _cut(duration: int, step: int) -> Duration:
    return Duration(duration - int(abs(duration) % step * (1 if duration > 0 else -1)) if step > 0 else duration)


def _nearest(duration: int, step: int) -> Duration:
    """Halves away from zero."""
    if step <= 0:
        return Duration(duration)
    nearest = (2 * abs(duration) + step) // (2 * step) * step
    return Duration(min(max(nearest if duration >= 0 else -nearest, MIN_INT64), MAX_INT64))


_DURATION = (
    Function("String", (), show),
    Function("Nanoseconds", (), lambda duration: Int64(duration)),
    Function("Microseconds", (), lambda duration: Int64(int(duration / 1000))),
    Function("Milliseconds", (), lambda duration: Int64(int(duration / 1_000_000))),
    Function("Seconds", (), lambda duration: duration / SECOND_NS),
    Function("Minutes", (), lambda duration: duration / (60 * SECOND_NS)),
    Function("Hours", (), lambda duration: duration / (3600 * SECOND_NS)),
    Function("Abs", (), lambda duration: Duration(min(abs(duration), MAX_INT64))),
    Function("Truncate", (DURATION,), _cut),
    Function("Round", (DURATION,), _nearest),
)

METHODS: dict[type, dict[str, Function]] = {
    Moment: {method.name: method for method in _MOMENT},
    Duration: {method.name: method for method in _DURATION},
    Month: {"String": Function("String", (), show)},
    Weekday: {"String": Function("String", (), show)},
}


def methods_called(name: str) -> dict[type, Function]:
    """The methods of that name, by the type that has them."""
    return {python_type: methods[name] for python_type, methods in METHODS.items() if name in methods}
