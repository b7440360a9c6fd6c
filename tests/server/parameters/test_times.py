"""Timestamps and windows, by the reference's table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.http.errors import BadRequest
from server.parameters.form import Parameters
from server.parameters.times import Window, parse_timestamp, parse_window

S = 1_000_000_000
NOW = 1_795_367_953 * S
HOUR = 3600 * S


@pytest.mark.parametrize(
    ("text", "moment_ns"),
    [
        ("0", 0),
        ("10", 10 * S),
        ("-1", -S),
        ("+1", S),
        ("4000000000", 4_000_000_000 * S),
        ("9999999999", 2**63 - 1),  # year 2286 is beyond 64 bits of nanoseconds
        ("99999999999", 99_999_999_999),
        ("1795367953400", 1_795_367_953_400),
        ("1795367953400000000", 1_795_367_953_400_000_000),
        ("1795367953.4", 1_795_367_953_400_000_000),
        ("1795367953.4996", 1_795_367_953_500_000_000),
        ("1.795e9", 1_795_000_000 * S),
        ("1970-01-01T00:00:01Z", S),
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("1970-01-01T00:00:00.0000000019Z", 1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:59:59.25Z", -750_000_000),
        ("2026-11-20T10:00:00Z", 1_795_168_800 * S),
        ("0001-01-01T00:00:00Z", -(2**63)),
    ],
)
def test_timestamps_are_read(text: str, moment_ns: int) -> None:
    assert parse_timestamp(text) == moment_ns


@pytest.mark.parametrize(
    "text",
    [
        *("now", "inf", "nan.", "1e9", "0x10", "1_000", " 1", "٣", "1.2.3"),
        *("2026-11-22", "2026-11-22 17:19:13", "2026-11-22T17:19:13", "2026-11-22t17:19:13Z"),
        *("2026-13-01T00:00:00Z", "2026-11-22T17:19:60Z", "2026-11-22T24:00:00Z"),
    ],
)
def test_what_is_no_timestamp_is_refused_as_an_integer(text: str) -> None:
    with pytest.raises(ValueError, match=r"^strconv\.ParseInt: parsing .*: invalid syntax$") as caught:
        parse_timestamp(text)
    assert f'"{text}"' in str(caught.value)


def test_an_integer_beyond_64_bits_is_out_of_range() -> None:
    with pytest.raises(ValueError, match="value out of range"):
        parse_timestamp("9" * 30)


@given(st.text(max_size=30))
def test_any_text_is_a_moment_within_64_bits_or_a_value_error(text: str) -> None:
    try:
        moment_ns = parse_timestamp(text)
    except ValueError:
        return
    assert -(2**63) <= moment_ns < 2**63


def _window(**given: str) -> Window:
    return parse_window(Parameters({name: [value] for name, value in given.items()}), NOW)


@pytest.mark.parametrize(
    ("given", "window"),
    [
        ({}, Window(NOW - HOUR, NOW)),
        ({"since": "5m"}, Window(NOW - 300 * S, NOW)),
        ({"end": "7200"}, Window(3600 * S, 7200 * S)),
        ({"end": "1795371553"}, Window(NOW - HOUR, NOW + HOUR)),  # an end to come: since counts from now
        ({"start": "10", "end": "20"}, Window(10 * S, 20 * S)),
        ({"start": "10", "end": "10"}, Window(10 * S, 10 * S)),
        ({"start": "10", "end": "20", "since": "1m"}, Window(10 * S, 20 * S)),
    ],
)
def test_windows_have_defaults(given: dict[str, str], window: Window) -> None:
    assert _window(**given) == window


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"start": "abc"}, "could not parse 'start' parameter: strconv.ParseInt: parsing \"abc\": invalid syntax"),
        ({"end": "abc"}, "could not parse 'end' parameter: strconv.ParseInt: parsing \"abc\": invalid syntax"),
        ({"since": "abc"}, "could not parse 'since' parameter: not a valid duration string: \"abc\""),
        ({"since": "5"}, "could not parse 'since' parameter: not a valid duration string: \"5\""),
        (
            {"start": "abc", "end": "x"},
            "could not parse 'start' parameter: strconv.ParseInt: parsing \"abc\": invalid syntax",
        ),
        ({"start": "20", "end": "10"}, "end timestamp must not be before or equal to start time"),
    ],
)
def test_bad_windows_have_the_text_of_the_first_mistake(given: dict[str, str], text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        _window(**given)
    assert str(caught.value) == text
