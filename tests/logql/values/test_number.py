"""Floats as Go reads and prints them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.values import format_number, parse_float

READ = [
    ("1", 1),
    ("-1.5", -1.5),
    ("+.5", 0.5),
    ("5.", 5),
    ("1e3", 1000),
    ("1E-3", 0.001),
    ("1_0", 10),
    ("1_000.0_1", 1000.01),
    ("017", 17),
    ("0x1p3", 8),
    ("-0X1.8P+1", -3),
    ("0x_1p0", 1),
    ("1e-400", 0),
    ("inf", math.inf),
    ("-Infinity", -math.inf),
    ("+INF", math.inf),
    ("NaN", math.nan),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_floats_are_read(text: str, value: float) -> None:
    assert repr(parse_float(text)) == repr(float(value))


@pytest.mark.parametrize(
    "text",
    [
        *("", "bad", " 1", "1 ", "1,0", "0x1F", "0x", "0b1", "1__0", "_1", "1_", "1_.5", "1e", "e5", ".", "-", "1\n"),
        *("\u0661", "+nan", "-nan", "infinit", "0xp1", "1e_5", "0x1p_3"),
    ],
)
def test_what_is_no_float_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^strconv\.ParseFloat: parsing \".*\": invalid syntax$"):
        parse_float(text)


@pytest.mark.parametrize("text", ["1e400", "-1e400", "0x1p2000"])
def test_overflow_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="value out of range") as caught:
        parse_float(text)
    assert str(caught.value) == f'strconv.ParseFloat: parsing "{text}": value out of range'


PRINTED = [
    (0.0000001, "0.0000001"),
    (1e21, "1" + "0" * 21),
    (0.1 + 0.2, "0.30000000000000004"),
    (-4.0, "-4"),
    (0.0, "0"),
    (-0.0, "-0"),
    (1.5, "1.5"),
    (123456789.0, "123456789"),
    (math.nan, "NaN"),
    (math.inf, "+Inf"),
    (-math.inf, "-Inf"),
]


@pytest.mark.parametrize(("value", "text"), PRINTED)
def test_floats_print_without_exponent(value: float, text: str) -> None:
    assert format_number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_printed_floats_read_back(value: float) -> None:
    text = format_number(value)
    assert "e" not in text
    assert parse_float(text) == value
