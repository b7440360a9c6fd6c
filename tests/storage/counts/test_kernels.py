"""Sorted rows are counted by stream, minute and level, compiled or not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.counts.kernels import count_cells

MINUTE_NS = 60_000_000_000
_FIRST, _LAST = -(1 << 63), (1 << 63) - 1
TIMES = (
    st.integers(-3, 3).map(lambda minute: minute * MINUTE_NS)
    | st.integers(-2 * MINUTE_NS, 2 * MINUTE_NS)
    | st.sampled_from([_FIRST, _FIRST + 1, _LAST, _LAST - 1, 1, -1, MINUTE_NS - 1, MINUTE_NS + 1])
    | st.integers(_FIRST, _LAST)
)
ROWS = st.lists(st.tuples(st.integers(0, 2), TIMES, st.integers(-1, 2), st.integers(0, 9)), max_size=30).map(sorted)


@given(rows=ROWS, has_levels=st.booleans(), room=st.integers(0, 30))
def test_kernel_and_twin_agree(rows: list[tuple[int, int, int, int]], has_levels: bool, room: int) -> None:
    stream, level = (np.array([row[place] for row in rows], np.int32) for place in (0, 2))
    ts = np.array([row[1] for row in rows], np.int64)
    offsets = np.cumsum([5, *(row[3] for row in rows)]).astype(np.int32)
    level = level if has_levels else level[:0]
    count_cells.load()
    found = []
    for count in (count_cells, count_cells.twin):
        cells = np.zeros((room, 5), np.int64)
        number = count(stream, ts, level, offsets, 3, cells)
        found.append((number, cells[: max(number, 0)].tolist()))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("ts", "minute"),
    [
        (0, 0),
        (1, 1),
        (-1, 0),
        (MINUTE_NS, 1),
        (MINUTE_NS + 1, 2),
        (-MINUTE_NS, -1),
        (-MINUTE_NS + 1, 0),
        (_LAST, 153_722_868),
        (_FIRST, -153_722_867),
    ],
)
def test_a_minute_ends_with_its_last_nanosecond(ts: int, minute: int) -> None:
    count_cells.load()
    for count in (count_cells, count_cells.twin):
        cells = np.zeros((1, 5), np.int64)
        offsets = np.array([0, 4], np.int32)
        assert count(np.array([7], np.int32), np.array([ts]), np.empty(0, np.int32), offsets, 0, cells) == 1
        assert cells.tolist() == [[7, minute, -1, 1, 4]]
