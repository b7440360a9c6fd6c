"""Which lines contain a text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from logql.kernels import mark_containing
from storage.batch import string_buffers
from tests.logql.kernels.lines import buffers_of, line_arrays

mark_containing.load()

TEXTS = st.text("ab\né", max_size=7)


def bytes_of(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


@given(lines=line_arrays(TEXTS), needle=st.text("ab\né", min_size=1, max_size=4))
@example(lines=pa.array(["ab", "ba", "ab"]), needle="bb")  # only where two lines meet
@example(lines=pa.array(["a", "", "", "ab"]), needle="aab")
@example(lines=pa.array(["aab", "aaab"]), needle="aab")  # the hit over the line's end overlaps the real one
@example(lines=pa.array([], pa.string()), needle="a")
def test_kernel_and_twin_say_what_python_says(lines: pa.Array, needle: str) -> None:
    wanted = [needle in line for line in lines.to_pylist()]
    arguments = (*string_buffers(lines), bytes_of(needle))
    assert mark_containing(*arguments).tolist() == wanted
    assert mark_containing.twin(*arguments).tolist() == wanted


@given(first=TEXTS, second=TEXTS, cut=st.integers(0, 7), length=st.integers(1, 7))
def test_a_text_over_two_lines_is_in_neither(first: str, second: str, cut: int, length: int) -> None:
    """Every window of the joined lines is tried as a needle, among them all that span the border."""
    needle = (first + second)[cut : cut + length] or "a"
    marks = mark_containing(*buffers_of([first, second]), bytes_of(needle))
    assert marks.tolist() == [needle in first, needle in second]


@pytest.mark.parametrize("share", [1, 7, 500])
def test_rare_and_dense_hits_find_their_rows_in_many_lines(share: int) -> None:
    lines = ["needle" if row % share == 0 else f"hay {'x' * (row % 13)}" for row in range(2000)]
    marks = mark_containing(*buffers_of(lines), bytes_of("needle"))
    assert np.flatnonzero(marks).tolist() == list(range(0, 2000, share))


@pytest.mark.parametrize("needle", ["before", "after", "er", "eaf"])
def test_bytes_before_and_behind_the_slice_do_not_count(needle: str) -> None:
    assert mark_containing(*buffers_of(["", "x", ""]), bytes_of(needle)).tolist() == [False] * 3


def test_bytes_inside_a_character_are_bytes_like_others() -> None:
    needle = np.frombuffer("é".encode()[1:], np.uint8)
    assert mark_containing(*buffers_of(["é", "e"]), needle).tolist() == [True, False]
