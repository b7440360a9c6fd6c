"""Scales keep order and ends; numbers beside an axis can be told apart."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logctl.plot.scale import Scale, number_texts

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(ends=st.tuples(finite, finite).map(sorted), inside=st.lists(finite, max_size=20), dots=st.integers(1, 500))
def test_order_and_ends_are_kept(ends: list[float], inside: list[float], dots: int) -> None:
    low, high = ends
    scale = Scale(low, high, dots)
    places = [scale.dot(value) for value in sorted([low, high, *(min(max(each, low), high) for each in inside)])]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] < dots
    if high / 2 > low / 2:
        assert (places[0], places[-1]) == (0, dots - 1)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.0, 1.0], ["0", "1"]),
        ([0.25, -17.5], ["0.25", "-17.5"]),
        ([1234.0, 5e9], ["1.23k", "5G"]),
        ([1_000_000.0, 1_000_010.0], ["1M", "1.00001M"]),
        ([1e30], ["1e+30"]),
        ([1e-7], ["1e-07"]),
        ([2.0, 2.0], ["2", "2"]),
        ([sys.float_info.max, 0.0], ["1.8e+308", "0"]),
        ([], []),
    ],
)
def test_numbers(values: list[float], texts: list[str]) -> None:
    assert number_texts(values) == texts


@given(st.lists(finite, max_size=10))
def test_different_numbers_have_different_texts(values: list[float]) -> None:
    assert len(set(number_texts(values))) >= len(set(values))
