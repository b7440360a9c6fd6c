"""Kernels that order samples and find windows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logql.samples.kernels import is_ordered, series_places, window_bounds

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 20)), max_size=30)


@given(rows=ROWS)
def test_the_kernels_that_order_series_agree_with_their_twins(rows: list[tuple[int, int]]) -> None:
    series = np.array([number for number, _ in rows], np.int32)
    ts = np.array([time for _, time in rows], np.int64)
    starts = np.concatenate([[0], np.cumsum(np.bincount(series, minlength=4))])
    is_ordered.load()
    series_places.load()
    assert is_ordered(series, ts, 4) == is_ordered.twin(series, ts, 4)
    assert series_places(series, starts).tolist() == series_places.twin(series, starts).tolist()


@given(
    rows=ROWS, start=st.integers(-10, 20), step=st.integers(1, 9), points=st.integers(1, 9), range_ns=st.integers(0, 25)
)
def test_a_window_holds_the_samples_after_its_start_up_to_its_end(
    rows: list[tuple[int, int]], start: int, step: int, points: int, range_ns: int
) -> None:
    rows = sorted(rows)
    ts = np.array([time for _, time in rows], np.int64)
    starts = np.searchsorted([number for number, _ in rows], range(5)).astype(np.int64)
    ends = start + step * np.arange(points)
    window_bounds.load()
    bounds = window_bounds(ts, starts, ends, range_ns)
    for number in range(4):
        for point, end in enumerate(ends.tolist()):
            low, high = bounds[:, number, point].tolist()
            wanted = [time for own, time in rows if own == number and end - range_ns < time <= end]
            assert ts[low:high].tolist() == wanted
    plain = window_bounds.twin(ts, starts, ends, range_ns)
    is_filled = bounds[0] < bounds[1]
    np.testing.assert_array_equal(bounds[:, is_filled], plain[:, is_filled])
