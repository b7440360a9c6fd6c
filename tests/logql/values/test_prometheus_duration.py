"""Durations in Prometheus' form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.values import format_prometheus_duration, parse_prometheus_duration

S = 10**9
READ = [
    ("0", 0),
    ("0s", 0),
    ("5m", 300 * S),
    ("1h30m", 5400 * S),
    ("1y2w3d", (365 + 14 + 3) * 86400 * S),
    ("1d1ms", 86400 * S + 10**6),
    ("007s", 7 * S),
]


@pytest.mark.parametrize(("text", "duration_ns"), READ)
def test_durations_are_read(text: str, duration_ns: int) -> None:
    assert parse_prometheus_duration(text) == duration_ns


REFUSED = [
    ("", "empty duration string"),
    ("90", 'not a valid duration string: "90"'),
    ("m", 'not a valid duration string: "m"'),
    (" 5m", 'not a valid duration string: " 5m"'),
    ("-5m", 'not a valid duration string: "-5m"'),
    ("1m1h", 'not a valid duration string: "1m1h"'),
    ("1m1m", 'not a valid duration string: "1m1m"'),
    ("99999999999999999999s", 'not a valid duration string: "99999999999999999999s"'),
    ("5x", 'unknown unit "x" in duration "5x"'),
    ("5us", 'unknown unit "us" in duration "5us"'),
    ("1.5h", 'unknown unit "." in duration "1.5h"'),
    ("5m:1m", 'unknown unit "m:" in duration "5m:1m"'),
    ("5m\n", 'unknown unit "m\\n" in duration "5m\\n"'),
    ("300y", "duration out of range"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_no_duration_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="duration") as caught:
        parse_prometheus_duration(text)
    assert str(caught.value) == message


PRINTED = [
    (0, "0s"),
    (300 * S, "5m"),
    (90 * 86400 * S, "90d"),
    (14 * 86400 * S, "2w"),
    (365 * 86400 * S, "1y"),
    (721 * 3600 * S, "30d1h"),
    (S + 10**6, "1s1ms"),
    (-60 * S, "-1m"),
]


@pytest.mark.parametrize(("duration_ns", "text"), PRINTED)
def test_durations_print(duration_ns: int, text: str) -> None:
    assert format_prometheus_duration(duration_ns) == text


@given(st.integers(0, 2**63 // 10**6 - 1))
def test_printed_durations_read_back(duration_ms: int) -> None:
    duration_ns = duration_ms * 10**6
    assert parse_prometheus_duration(format_prometheus_duration(duration_ns)) == duration_ns
