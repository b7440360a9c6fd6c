"""Numbers as Go prints them."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.render.numbers import sample_time, sample_times, sample_value, sample_values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (60.0, "60"),
        (0.0, "0"),
        (-0.0, "-0"),
        (-1.5, "-1.5"),
        (0.0033333333333333335, "0.0033333333333333335"),
        (1.1111111111111112e-05, "0.000011111111111111112"),
        (1e20, "100000000000000000000"),
        (2.0**53, "9007199254740992"),
        (math.nan, "NaN"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
    ],
)
def test_values(value: float, text: str) -> None:
    assert sample_value(value) == text


@given(st.lists(st.floats()))
def test_many_values_are_printed_as_each_alone(values: list[float]) -> None:
    assert sample_values(np.array(values, np.float64)) == [sample_value(value) for value in values]


@given(st.lists(st.integers(-100, 100).map(float)))
def test_whole_numbers_are_printed_as_each_alone(values: list[float]) -> None:
    assert sample_values(np.array(values, np.float64)) == [sample_value(value) for value in values]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_values_read_back_and_have_no_exponent(value: float) -> None:
    text = sample_value(value)
    assert float(text) == value
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)


@pytest.mark.parametrize(
    ("ts_ms", "text"), [(1795366500000, "1795366500"), (1795366645692, "1795366645.692"), (500, "0.5")]
)
def test_times(ts_ms: int, text: str) -> None:
    assert str(sample_time(ts_ms)) == text


@given(st.lists(st.integers(0, 10**14)))
def test_many_times_are_printed_as_each_alone(times: list[int]) -> None:
    assert sample_times(np.array(times, np.int64)) == [sample_time(ts_ms) for ts_ms in times]
