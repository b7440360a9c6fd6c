"""Moments printed and read by layouts."""

from __future__ import annotations

from datetime import UTC as UTC_INFO
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.template.times.calendar import days_since_epoch, iso_date
from logql.template.times.format import format_moment
from logql.template.times.layout import cut_layout
from logql.template.times.moment import SECOND_NS, ZERO, Moment
from logql.template.times.parse import parse_moment
from logql.template.times.zones import UTC, FixedZone, find_zone

BERLIN = find_zone("Europe/Berlin")
EVENING = Moment(1_795_366_201_123_456_000, UTC)  # Sunday, 2026-11-22 16:50:01.123456
MORNING = Moment(1_769_997_845_000_000_000, UTC)  # Monday, 2026-02-02 02:04:05

PRINTED = [
    (EVENING, "2006-01-02T15:04:05.00Z-07:00", "2026-11-22T16:50:01.12Z+00:00"),
    (EVENING, "Mon Monday Jan January", "Sun Sunday Nov November"),
    (EVENING, "Month Janet January1", "Month Janet November11"),
    (EVENING, "06 1 01 2 02 _2 002 __2", "26 11 11 22 22 22 326 326"),
    (MORNING, "06 1 01 2 02 _2 002 __2|_2006", "26 2 02 2 02  2 033  33|_2026"),
    (EVENING, "15 3 03 4 04 5 05 PM pm", "16 4 04 50 50 1 01 PM pm"),
    (MORNING, "15 3 03 4 04 5 05 PM pm", "02 2 02 4 04 5 05 AM am"),
    (EVENING, ".000 .999999999 ,000 .0000000 .9", ".123 .123456 ,123 .1234560 .1"),
    (MORNING, "05.000 05.999 05,9", "05.000 05 05"),
    (EVENING, "05.0001 a.9b", "01.0011 a.1b"),
    (EVENING, "MST -0700 -07:00 -07 Z0700 Z07:00 Z07", "UTC +0000 +00:00 +00 Z Z Z"),
    (Moment(0, BERLIN), "MST -0700 -07:00 -07 Z0700 Z07:00 Z07", "CET +0100 +01:00 +01 +0100 +01:00 +01"),
    (Moment(0, FixedZone("", -19_830)), "MST -07:00:00 -070000 Z07:00:00", "-0530 -05:30:30 -053030 -05:30:30"),
    (Moment(0, FixedZone("", 7200)), "MST", "+02"),
    (Moment(1_795_366_201 * 10**12, UTC), "2006", "58862"),
    (Moment(-70_000_000_000 * SECOND_NS, UTC), "2006-01-02", "-0249-10-15"),
    (ZERO, "2006-01-02 15:04:05 -0700 MST", "0001-01-01 00:00:00 +0000 UTC"),
    (EVENING, "plain", "plain"),
    (EVENING, "", ""),
]


@pytest.mark.parametrize(("moment", "layout", "text"), PRINTED)
def test_layouts_print(moment: Moment, layout: str, text: str) -> None:
    assert format_moment(moment, layout) == text


READ = [
    ("2006-01-02", "2021-11-02", "2021-11-02T00:00:00Z"),
    ("2006-01-02T15:04:05Z07:00", "2021-11-02T03:04:05Z", "2021-11-02T03:04:05Z"),
    ("2006-01-02T15:04:05Z07:00", "2021-11-02T03:04:05+02:00", "2021-11-02T03:04:05+02:00"),
    ("2006-01-02 15:04:05", "2021-11-02 03:04:05.678", "2021-11-02T03:04:05.678Z"),
    ("2006-01-02 15:04:05", "2021-11-02 03:04:05,6", "2021-11-02T03:04:05.6Z"),
    ("2006-01-02 15:04:05.999", "2021-11-02 03:04:05", "2021-11-02T03:04:05Z"),
    ("2006-01-02 15:04:05.000", "2021-11-02 03:04:05.678", "2021-11-02T03:04:05.678Z"),
    ("Jan _2 2006", "nov  2 2021", "2021-11-02T00:00:00Z"),
    ("Monday, January 2 06", "Tuesday, NOVEMBER 12 21", "2021-11-12T00:00:00Z"),
    ("02/Jan/2006:15:04:05 -0700", "02/Nov/2021:03:04:05 -0530", "2021-11-02T03:04:05-05:30"),
    ("2006 3:04 PM", "2021 12:05 AM", "2021-01-01T00:05:00Z"),
    ("2006 3:04 pm", "2021 1:05 pm", "2021-01-01T13:05:00Z"),
    ("06", "69", "1969-01-01T00:00:00Z"),
    ("2006 002", "2024 060", "2024-02-29T00:00:00Z"),
    ("2006 MST", "2021 UTC", "2021-01-01T00:00:00Z"),
    ("2006 MST", "2021 GMT+3", "2021-01-01T00:00:00+03:00"),
    ("2006   01", "2021 11", "2021-11-01T00:00:00Z"),
    ("15:04", "03:04", "0000-01-01T03:04:00Z"),
]


@pytest.mark.parametrize(("layout", "text", "printed"), READ)
def test_layouts_read(layout: str, text: str, printed: str) -> None:
    assert format_moment(parse_moment(layout, text, UTC), "2006-01-02T15:04:05.999999999Z07:00") == printed


REFUSED = [
    ("2006-01-02", ""),
    ("2006-01-02", "2021-11-02x"),
    ("2006-01-02", "2021-11"),
    ("2006-01-02", "2021-13-01"),
    ("2006-01-02", "2021-02-29"),
    ("2006-01-02", "2021-00-01"),
    ("2006-01-02", "2021-01-00"),
    ("2006-01-02", "221-01-01"),
    ("2006-01-02", "2021-1-01"),
    ("15:04", "24:00"),
    ("15:04", "12:60"),
    ("3PM", "13PM"),
    ("3PM", "1XM"),
    ("Jan", "Foo"),
    ("Monday", "Mon"),
    (".000", ".12"),
    (".000", ".1a3"),
    ("-0700", "0700"),
    ("Z07:00", "+0700"),
    ("-07:00", "+25:00"),
    ("MST", "x"),
    ("2006 002", "2023 366"),
    ("01 002", "03 060x"),
    ("06", "6"),
    ("x", "y"),
    ("a b", "ab"),
    ("2" * 1001, "2"),
]


@pytest.mark.parametrize(("layout", "text"), REFUSED)
def test_what_does_not_fit_is_refused(layout: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"parse|range|extra|match|long"):
        parse_moment(layout, text, UTC)


ZONED = [
    ("2026-07-01 12:00", "2026-07-01T12:00:00+02:00"),
    ("2026-01-01 12:00", "2026-01-01T12:00:00+01:00"),
    ("2026-03-29 01:59", "2026-03-29T01:59:00+01:00"),
    ("2026-03-29 03:00", "2026-03-29T03:00:00+02:00"),
]


@pytest.mark.parametrize(("text", "printed"), ZONED)
def test_wall_clocks_are_read_in_their_zone(text: str, printed: str) -> None:
    moment = parse_moment("2006-01-02 15:04", text, BERLIN)
    assert format_moment(moment, "2006-01-02T15:04:05Z07:00") == printed


@pytest.mark.parametrize("name", ["", "UTC"])
def test_no_zone_is_utc(name: str) -> None:
    assert find_zone(name) is UTC


@pytest.mark.parametrize("name", ["Nowhere/City", "../etc", "/etc/localtime", "Europe", "\x00", "é" * 300])
def test_zones_that_nobody_knows_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        find_zone(name)


def test_years_beyond_the_calendar_have_zones_too() -> None:
    assert format_moment(Moment(10**22, BERLIN), "2006 -0700") == "318857 +0200"
    assert format_moment(Moment(-(10**22), BERLIN), "2006").startswith("-3149")


@settings(deadline=None)
@given(st.dates())
def test_days_are_those_of_the_calendar(day: date) -> None:
    days = (day - date(1970, 1, 1)).days
    assert days_since_epoch(day.year, day.month, day.day) == days
    assert iso_date(days) == (day.year, day.month, day.day)


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9))
def test_dates_of_any_year_come_back(days: int) -> None:
    assert days_since_epoch(*iso_date(days)) == days


@settings(deadline=None)
@given(st.datetimes(datetime(1000, 1, 1), datetime(9000, 1, 1)), st.sampled_from((UTC, BERLIN)))
def test_what_is_printed_is_read_back(moment: datetime, zone: FixedZone) -> None:
    layout = "Mon, 02 Jan 2006 15:04:05.999999999 -07:00:00"
    unix_us = (moment.replace(tzinfo=UTC_INFO) - datetime(1970, 1, 1, tzinfo=UTC_INFO)) // timedelta(microseconds=1)
    printed = format_moment(Moment(unix_us * 1000, zone), layout)
    assert parse_moment(layout, printed, zone).unix_ns == unix_us * 1000


@given(st.text())
def test_layouts_are_cut_without_loss(layout: str) -> None:
    assert "".join(literal + code for literal, code in cut_layout(layout)) == layout


@given(st.text(st.sampled_from("2006-1534 JanMonPMZ:.09_T")), st.text(st.sampled_from("0123456789-: .JanMondyPZ+")))
def test_any_layout_reads_a_moment_or_refuses(layout: str, text: str) -> None:
    try:
        moment = parse_moment(layout, text, BERLIN)
    except ValueError:
        return
    assert isinstance(format_moment(moment, layout), str)
