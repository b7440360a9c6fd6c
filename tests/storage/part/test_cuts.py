"""Rows are cut into chunks that are neither too large nor needlessly small, and none is left out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.part import MAX_CHUNK_ROWS, cuts


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 100))
def test_chunks_are_as_large_as_they_may_be(line_bytes: list[int], chunk_bytes: int) -> None:
    found = list(cuts(np.array(line_bytes, np.int32), chunk_bytes))
    assert [row for cut in found for row in range(cut.start, cut.stop)] == list(range(len(line_bytes)))
    for cut in found:
        assert cut.stop - cut.start == 1 or sum(line_bytes[cut]) <= chunk_bytes
    for cut, following in pairwise(found):
        assert sum(line_bytes[cut]) + line_bytes[following.start] > chunk_bytes


@pytest.mark.parametrize(
    ("rows", "sizes"), [(MAX_CHUNK_ROWS, [MAX_CHUNK_ROWS]), (MAX_CHUNK_ROWS + 2, [MAX_CHUNK_ROWS, 2])]
)
def test_short_lines_fill_chunks_by_their_number(rows: int, sizes: list[int]) -> None:
    assert [cut.stop - cut.start for cut in cuts(np.zeros(rows, np.int32), 1 << 20)] == sizes
