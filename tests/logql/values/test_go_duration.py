"""Durations in Go's form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.values import format_go_duration, parse_go_duration

S = 10**9
READ = [
    ("0", 0),
    ("-0", 0),
    ("5s", 5 * S),
    ("1h30m", 5400 * S),
    ("1.5h", 5400 * S),
    ("-5s", -5 * S),
    ("+1ms", S // 1000),
    (".5s", S // 2),
    ("1.s", S),
    ("1h1h", 7200 * S),
    ("300us", 300_000),
    ("300\u00b5s", 300_000),
    ("300\u03bcs", 300_000),
    ("5ns", 5),
    ("0.3ns", 0),
    ("0.100000000000000000000h", 360 * S),
    ("9223372036854775807ns", 2**63 - 1),
    ("-9223372036854775808ns", -(2**63)),
]


@pytest.mark.parametrize(("text", "duration_ns"), READ)
def test_durations_are_read(text: str, duration_ns: int) -> None:
    assert parse_go_duration(text) == duration_ns


REFUSED = [
    ("", 'time: invalid duration ""'),
    ("bad", 'time: invalid duration "bad"'),
    ("+", 'time: invalid duration "+"'),
    (".s", 'time: invalid duration ".s"'),
    ("5", 'time: missing unit in duration "5"'),
    ("9223372036854775809", 'time: invalid duration "9223372036854775809"'),
    ("9223372036854775808", 'time: missing unit in duration "9223372036854775808"'),
    ("1h5", 'time: missing unit in duration "1h5"'),
    ("1d", 'time: unknown unit "d" in duration "1d"'),
    ("1h ", 'time: unknown unit "h " in duration "1h "'),
    ("1h 5m", 'time: unknown unit "h " in duration "1h 5m"'),
    ("1é", 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'),
    ('1"', 'time: unknown unit "\\"" in duration "1\\""'),
    ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
    ("99999999999999999999h", 'time: invalid duration "99999999999999999999h"'),
    ("-", 'time: invalid duration "-"'),
    ("--5s", 'time: invalid duration "--5s"'),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_no_duration_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="time") as caught:
        parse_go_duration(text)
    assert str(caught.value) == message


PRINTED = [
    (0, "0s"),
    (1, "1ns"),
    (300_000, "300\u00b5s"),
    (1_500_000, "1.5ms"),
    (S, "1s"),
    (90 * S, "1m30s"),
    (3600 * S, "1h0m0s"),
    (5400 * S + 1, "1h30m0.000000001s"),
    (-86400 * S, "-24h0m0s"),
]


@pytest.mark.parametrize(("duration_ns", "text"), PRINTED)
def test_durations_print(duration_ns: int, text: str) -> None:
    assert format_go_duration(duration_ns) == text


@given(st.integers(-(2**63) + 1, 2**63 - 1).filter(lambda ns: abs(ns) < 2**52))
def test_printed_durations_read_back(duration_ns: int) -> None:
    assert parse_go_duration(format_go_duration(duration_ns)) == duration_ns
