"""Packed numbers come back as times and offsets, compiled or not, and damaged ones as something that is not beyond."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.part.kernels import offsets_of, times_of

TIMES = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    for each in (offsets_of, times_of):
        each.load()


@given(st.integers(1, 9), st.integers(0, 8), st.data())
def test_kernels_and_twins_agree(rows: int, width: int, data: st.DataObject) -> None:
    planes = np.frombuffer(data.draw(st.binary(min_size=rows * width, max_size=rows * width)), np.uint8)
    first, unit, end = data.draw(TIMES), data.draw(TIMES), data.draw(st.integers(0, 2000))
    assert times_of(planes, rows, first, unit).tolist() == times_of.twin(planes, rows, first, unit).tolist()
    narrow = planes[: rows * min(width, 4)]
    assert offsets_of(narrow, rows, end).tolist() == offsets_of.twin(narrow, rows, end).tolist()


@pytest.mark.parametrize("is_compiled", [True, False])
def test_numbers_are_read_by_planes(is_compiled: bool) -> None:
    times = times_of if is_compiled else times_of.twin
    offsets = offsets_of if is_compiled else offsets_of.twin
    planes = np.array([0, 2, 3, 1, 0, 0, 0, 1], np.uint8)  # 0, 2, 3 and 257
    assert times(planes, 4, 100, 10).tolist() == [100, 110, 90, 90 - 1290]
    assert offsets(planes, 4, 262).tolist() == [0, 0, 2, 5, 262]
    assert offsets(planes, 4, 100).tolist() == [0, 0, 2, 5, 101]
    assert times(np.empty(0, np.uint8), 3, 7, 1).tolist() == [7, 7, 7]
    assert offsets(np.empty(0, np.uint8), 3, 0).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("is_compiled", [True, False])
def test_sums_of_damaged_lengths_stay_where_they_cannot_be_mistaken(is_compiled: bool) -> None:
    offsets = offsets_of if is_compiled else offsets_of.twin
    assert offsets(np.full(4 * 9, 255, np.uint8), 9, 8).tolist() == [0] + [9] * 9
