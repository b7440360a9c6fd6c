"""Moments, durations and zones as people write them."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logctl.errors import UsageError
from logctl.times import as_parameter, format_moment, parse_duration, parse_moment, parse_zone

BERLIN = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1h", 3_600 * 10**9),
        ("1h30m", 5_400 * 10**9),
        ("7d", 7 * 86_400 * 10**9),
        ("1.5s", 1_500_000_000),
        ("10ms", 10_000_000),
        ("5ns", 5),
        ("1w1d", 8 * 86_400 * 10**9),
    ],
)
def test_durations(text: str, nanoseconds: int) -> None:
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize("text", ["", "1", "h", "1h ", "-1h", "1 h", "PT1M", "1x", "1h30"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="write it as"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("2026-11-22T17:19:13Z", 1_795_367_953_000_000_000),
        ("2026-11-22t17:19:13.000000001z", 1_795_367_953_000_000_001),
        ("2026-11-22T17:19:13.4Z", 1_795_367_953_400_000_000),
        ("2026-11-22T18:19:13+01:00", 1_795_367_953_000_000_000),
        ("2026-11-22 18:19:13", 1_795_367_953_000_000_000),
        ("2026-11-22 18:19", 1_795_367_940_000_000_000),
        ("2026-11-22", 1_795_302_000_000_000_000),
        ("1795367953", 1_795_367_953_000_000_000),
        ("1795367953000000001", 1_795_367_953_000_000_001),
        ("0", 0),
        ("-1", -1_000_000_000),
        ("1969-12-31T23:59:59.5Z", -500_000_000),
    ],
)
def test_moments_without_a_zone_are_in_the_given_one(text: str, nanoseconds: int) -> None:
    assert parse_moment(text, BERLIN) == nanoseconds


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-01", "2026-02-30", "2026-11-22T25:00:00Z", "17:00", "2026-11-22T17:19:13.Z", "1.5"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_moment(text)


@given(st.integers(-(10**18), 4 * 10**18))
def test_a_printed_moment_reads_back(ts_ns: int) -> None:
    for zone in (UTC, BERLIN, ZoneInfo("UTC")):
        assert parse_moment(format_moment(ts_ns, zone)) == ts_ns


def test_moments_are_printed_with_their_zone_and_cut_fractions() -> None:
    assert format_moment(1_795_367_953_999_999_999, UTC, 3) == "2026-11-22T17:19:13.999Z"
    assert format_moment(1_795_367_953_000_000_001, BERLIN) == "2026-11-22T18:19:13.000000001+01:00"
    assert format_moment(0, UTC, 0) == "1970-01-01T00:00:00Z"


@given(st.integers(-(10**12), 10**19))
def test_parameters_are_long_enough_to_be_read_as_nanoseconds(ts_ns: int) -> None:
    assert len(as_parameter(ts_ns)) > 10
    assert int(as_parameter(ts_ns)) == ts_ns


def test_zones() -> None:
    assert parse_zone("local") is None
    assert parse_zone("utc") is UTC
    for name in ("Middle/Earth", "../etc/passwd", ""):
        with pytest.raises(UsageError, match="is not known"):
            parse_zone(name)
