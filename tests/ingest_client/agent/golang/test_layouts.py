"""Go's layouts of time, durations and sizes."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_client.agent.golang.durations import parse_duration_s, parse_size_bytes
from ingest_client.agent.golang.layouts import compile_layout

MOMENT = datetime(2024, 5, 20, 20, 3, 26, tzinfo=UTC)
MOMENT_NS = int(MOMENT.timestamp()) * 1_000_000_000


@pytest.mark.parametrize(
    ("layout", "text", "nanoseconds"),
    [
        ("RFC3339Nano", "2024-05-20T20:03:26.123456789Z", 123_456_789),
        ("RFC3339Nano", "2024-05-20T20:03:26Z", 0),
        ("RFC3339", "2024-05-20T22:03:26+02:00", 0),
        ("RFC3339", "2024-05-20T20:03:26.5Z", 500_000_000),
        ("RFC1123", "Mon, 20 May 2024 20:03:26 UTC", 0),
        ("RFC1123Z", "Mon, 20 May 2024 18:33:26 -0130", 0),
        ("RFC850", "Monday, 20-May-24 20:03:26 GMT", 0),
        ("ANSIC", "Mon May 20 20:03:26 2024", 0),
        ("UnixDate", "Mon May 20 20:03:26 UTC 2024", 0),
        ("RubyDate", "Mon May 20 20:03:26 +0000 2024", 0),
        ("Unix", "1716235406", 0),
        ("Unix", "1716235406.25", 250_000_000),
        ("UnixMs", "1716235406007", 7_000_000),
        ("UnixUs", "1716235406000007", 7_000),
        ("UnixNs", "1716235406000000007", 7),
        ("01/02/2006-15:04:05", "05/20/2024-20:03:26", 0),
        ("2006-01-02 15:04:05,000", "2024-05-20 20:03:26,007", 7_000_000),
        ("2006-01-02 15:04:05.999", "2024-05-20 20:03:26.7", 700_000_000),
        ("02/Jan/2006:15:04:05 -0700", "20/May/2024:20:03:26 +0000", 0),
        ("January 2, 2006 3:04:05 PM", "May 20, 2024 8:03:26 PM", 0),
        ("2006 002 15:04:05", "2024 141 20:03:26", 0),
        ("2006-01-02T15:04:05Z0700", "2024-05-20T20:03:26Z", 0),
    ],
)
def test_layouts(layout: str, text: str, nanoseconds: int) -> None:
    assert compile_layout(layout)(text) == MOMENT_NS + nanoseconds


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("RFC3339", "yesterday"),
        ("RFC3339", "2024-13-20T20:03:26Z"),
        ("RFC3339", "2024-05-20T25:03:26Z"),
        ("RFC3339", "2024-05-20T20:61:26Z"),
        ("RFC3339", "2024-05-20T20:03:26Z and more"),
        ("Unix", "12a"),
        ("Unix", ""),
        ("UnixMs", "-"),
        ("02 Jan 2006", "20 Foo 2024"),
    ],
)
def test_texts_that_are_not_of_the_layout(layout: str, text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        compile_layout(layout)(text)


def test_a_stamp_without_a_zone_is_of_the_location() -> None:
    parse = compile_layout("2006-01-02 15:04:05", ZoneInfo("Europe/Berlin"))
    assert parse("2024-05-20 22:03:26") == MOMENT_NS
    assert parse("2024-01-20 21:03:26") - parse("2024-01-20 20:03:26") == 3_600_000_000_000


def test_a_stamp_without_a_year_is_of_this_one_or_the_last() -> None:
    def new_year() -> datetime:
        return datetime(2025, 1, 1, 0, 5, tzinfo=UTC)

    parse = compile_layout("Jan _2 15:04:05", UTC, new_year)
    assert parse("Dec 31 23:59:00") == int(datetime(2024, 12, 31, 23, 59, tzinfo=UTC).timestamp()) * 10**9
    assert parse("Jan  1 00:04:00") == int(datetime(2025, 1, 1, 0, 4, tzinfo=UTC).timestamp()) * 10**9


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)), st.integers(0, 999_999_999))
def test_any_time_comes_back(moment: datetime, nanoseconds: int) -> None:
    text = f"{moment:%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}Z"
    expected = int(moment.replace(microsecond=0, tzinfo=UTC).timestamp()) * 10**9 + nanoseconds
    assert compile_layout("RFC3339Nano")(text) == expected


def test_a_layout_without_a_part_of_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no part of a time"):
        compile_layout("%Y %m")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1h30m", 5400.0), ("500ms", 0.5), ("0", 0.0), ("1.5s", 1.5), ("-2m", -120.0), ("7d", 604800.0), ("10us", 1e-5)],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration_s(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "5", "m5", "1h x", "ten"])
def test_texts_that_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        parse_duration_s(text)


@pytest.mark.parametrize(
    ("text", "size"), [("256KB", 262144), ("1", 1), ("1.5MiB", 1572864), ("2g", 2 << 30), ("10B", 10)]
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size_bytes(text) == size
