"""The newest time of each stream."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.kernels import advance_newest

advance_newest.load()

LOWEST, HIGHEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
TIMES = st.integers(-2, 4) | st.sampled_from([LOWEST, HIGHEST])
ROWS = st.lists(st.tuples(st.integers(0, 2), TIMES), max_size=12)


@pytest.mark.parametrize("run", [advance_newest, advance_newest.twin])
@given(rows=ROWS, before=st.lists(TIMES, min_size=3, max_size=3))
@example(rows=[], before=[0, 0, 0])
@example(rows=[(0, 1), (0, 1)], before=[0, 0, 0])  # a repeated time may be a repeated row
@example(rows=[(0, LOWEST)], before=[LOWEST] * 3)
def test_times_go_up_only_and_every_row_that_is_not_newer_is_noticed(
    run: Any, rows: list[tuple[int, int]], before: list[int]
) -> None:
    newest = np.array(before, np.int64)
    stream = np.array([number for number, _ in rows], np.int32)
    is_forward = run(stream, np.array([ts for _, ts in rows], np.int64), newest)
    assert newest.tolist() == [max([old, *(ts for own, ts in rows if own == n)]) for n, old in enumerate(before)]
    seen: list[tuple[int, int]] = list(enumerate(before))
    wanted = True
    for number, ts in rows:
        wanted = wanted and all(ts > other for own, other in seen if own == number)
        seen.append((number, ts))
    assert is_forward == wanted
