"""Kernels over windows: machine code and twin agree to the last bit, on every kind of float."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.range_aggregations import Windowed, kernels
from logql.range_aggregations.quantile_over_time import quantile_over_time

FLOATS = st.floats() | st.sampled_from([0.0, -0.0, 1.0, float("inf"), float("-inf"), float("nan")])
PLAIN = [
    kernels.window_sums,
    kernels.window_means,
    kernels.window_variances,
    kernels.window_minima,
    kernels.window_maxima,
]


@st.composite
def windows(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Samples, and windows over them: empty ones, equal ones, in any order."""
    values = np.array(draw(st.lists(FLOATS, max_size=30)), np.float64)
    edges = st.tuples(*[st.integers(0, len(values))] * 2)
    bounds = np.sort(np.array(draw(st.lists(edges, max_size=8)), np.int64).reshape(-1, 2), axis=1)
    return values, bounds[:, 0].copy(), bounds[:, 1].copy()


@pytest.mark.parametrize("kernel", PLAIN, ids=lambda kernel: kernel.name)
@given(given_windows=windows())
def test_machine_code_answers_what_the_twin_answers(kernel: Any, given_windows: tuple[Any, Any, Any]) -> None:
    kernel.load()
    np.testing.assert_array_equal(kernel(*given_windows), kernel.twin(*given_windows))


@given(given_windows=windows(), q=st.sampled_from([-0.5, 0.0, 0.25, 0.5, 0.9, 1.0, 2.0]))
def test_quantiles_agree_between_machine_code_twin_and_large_windows(
    given_windows: tuple[Any, Any, Any], q: float
) -> None:
    values, low, high = given_windows
    kernels.window_quantiles.load()
    wanted = kernels.window_quantiles.twin(values, low, high, q)
    np.testing.assert_array_equal(kernels.window_quantiles(values, low, high, q), wanted)
    # 100 copies of every sample make a window large and leave the quantile between the same two values, if at all
    many = np.repeat(values, 2100)
    windowed = Windowed(np.zeros(len(many), np.int64), many, low * 2100, high * 2100, 1, q)
    expected = kernels.window_quantiles.twin(many, low * 2100, high * 2100, q)
    np.testing.assert_array_equal(quantile_over_time(windowed), expected)


@given(given_windows=windows(), data=st.data())
def test_counter_rates_agree(given_windows: tuple[Any, Any, Any], data: st.DataObject) -> None:
    values, low, high = given_windows
    ts = np.sort(
        np.array(data.draw(st.lists(st.integers(0, 10**12), min_size=len(values), max_size=len(values))), np.int64)
    )
    kernel = kernels.window_counter_rates
    kernel.load()
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(kernel(values, ts, low, high, 60.0), kernel.twin(values, ts, low, high, 60.0))


@pytest.mark.parametrize(
    ("window", "sums", "mean", "variance", "smallest", "largest"),
    [
        ([], 0.0, 0.0, 0.0, np.nan, np.nan),
        ([3.0], 3.0, 3.0, 0.0, 3.0, 3.0),
        ([1e16, 1.0, -1e16], 0.0, 0.0, None, -1e16, 1e16),
        ([np.nan, 2.0], np.nan, np.nan, np.nan, 2.0, 2.0),
        ([np.nan], np.nan, np.nan, np.nan, np.nan, np.nan),
        ([np.inf, 1.0, np.inf], np.inf, np.inf, np.nan, 1.0, np.inf),
        ([np.inf, -np.inf], np.nan, np.nan, np.nan, -np.inf, np.inf),
        ([1.7e308, 1.7e308], np.inf, 1.7e308, 0.0, 1.7e308, 1.7e308),
    ],
)
def test_windows_of_odd_floats(
    window: list[float], sums: float, mean: float, variance: float | None, smallest: float, largest: float
) -> None:
    values, low, high = np.array(window, np.float64), np.array([0]), np.array([len(window)])
    wanted = [sums, mean, variance, smallest, largest]
    for kernel, value in zip(PLAIN, wanted, strict=True):
        if value is not None:
            np.testing.assert_allclose(kernel(values, low, high), [value], rtol=1e-15)


@pytest.mark.parametrize(
    ("values", "seconds", "range_s", "rate"),
    [
        ([20.0, 5.0, 15.0, 30.0, 31.0], [10, 20, 30, 40, 50], 60.0, 0.5166674416666667),
        ([15.0, 30.0], [30, 40], 20.0, 0.7500015),
        ([5.0], [10], 60.0, 0.0),
        ([5.0, 6.0], [10, 10], 60.0, np.nan),
        ([7.0, 7.0], [10, 20], 60.0, 0.0),
        ([-3.0, 5.0], [10, 20], 10.0, 0.8 * (1 + 10 / 10**7)),
    ],
)
def test_counter_rates(values: list[float], seconds: list[int], range_s: float, rate: float) -> None:
    ts = np.array(seconds, np.int64) * 10**9
    whole = np.array([0]), np.array([len(values)])
    answer = kernels.window_counter_rates(np.array(values), ts, *whole, range_s)
    np.testing.assert_allclose(answer, [rate], rtol=1e-12)
