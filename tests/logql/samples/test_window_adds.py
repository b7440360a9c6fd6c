"""Rows are added to exactly the points that see them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logql.samples.kernels import add_to_windows


@given(
    rows=st.lists(st.tuples(st.integers(-40, 60), st.integers(0, 2), st.integers(0, 9)), max_size=20),
    origin=st.integers(-20, 20),
    step=st.integers(1, 9),
    reach=st.integers(0, 30),
    points=st.integers(1, 8),
    is_weighed=st.booleans(),
)
def test_the_running_sum_counts_what_each_point_sees(
    rows: list[tuple[int, int, int]], origin: int, step: int, reach: int, points: int, is_weighed: bool
) -> None:
    ts, group, weights = (np.array([row[place] for row in rows], np.int64) for place in range(3))
    numbers = np.array([3, 0, 2])
    given_weights = weights if is_weighed else np.zeros(0, np.int64)
    wanted = np.zeros((4, points), np.int64)
    for time, member, weight in rows:
        for point in range(points):
            end = origin + point * step
            wanted[numbers[member], point] += (end - reach < time <= end) * (weight if is_weighed else 1)
    add_to_windows.load()
    for add in (add_to_windows, add_to_windows.twin):
        table = np.zeros((4, points + 1), np.int64)
        add(ts, group, numbers, given_weights, origin, step, reach, table)
        np.testing.assert_array_equal(np.cumsum(table, axis=1)[:, :-1], wanted)
        assert not table.sum()
