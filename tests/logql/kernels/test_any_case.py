"""Which lines contain a text in whatever case."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from logql.kernels import mark_containing_any_case
from storage.batch import string_buffers
from tests.logql.kernels.lines import buffers_of, line_arrays

mark_containing_any_case.load()

ALPHABET = "abB@`[{é\0Zz-\r"  # among them what differs from a letter or from each other in the bit of the case
TEXTS = st.text(ALPHABET, max_size=7) | st.text("ab", max_size=200)


def ascii_lower(text: str) -> str:
    return text.encode().lower().decode()


@given(
    lines=line_arrays(TEXTS),
    needle=st.text("ab@`[{\0z-\r", min_size=1, max_size=4),
    places=st.tuples(st.integers(0, 3), st.integers(0, 3)),
)
@example(lines=pa.array(["AB", "ba", "aB"]), needle="bb", places=(0, 1))  # only where two lines meet
@example(lines=pa.array(["x" * 62 + "Ab", "x" * 63 + "aB", "x" * 64 + "AB"]), needle="ab", places=(0, 1))
@example(lines=pa.array(["AAB", "AaAb"]), needle="aab", places=(2, 0))
@example(lines=pa.array([], pa.string()), needle="a", places=(0, 0))
def test_kernel_and_twin_say_what_python_says(lines: pa.Array, needle: str, places: tuple[int, int]) -> None:
    wanted = [needle in ascii_lower(line) for line in lines.to_pylist()]
    first, second = (place % len(needle) for place in places)
    arguments = (*string_buffers(lines), np.frombuffer(needle.encode(), np.uint8), first, second)
    assert mark_containing_any_case(*arguments).tolist() == wanted
    assert mark_containing_any_case.twin(*arguments).tolist() == wanted


@pytest.mark.parametrize("share", [1, 7, 500])
def test_rare_and_dense_hits_find_their_rows_in_many_lines(share: int) -> None:
    lines = ["NeedlE" if row % share == 0 else f"need {'L' * (row % 13)}" for row in range(2000)]
    marks = mark_containing_any_case(*buffers_of(lines), np.frombuffer(b"needle", np.uint8), 3, 4)
    assert np.flatnonzero(marks).tolist() == list(range(0, 2000, share))


@pytest.mark.parametrize("needle", ["before", "after", "er", "eaf"])
def test_bytes_before_and_behind_the_slice_do_not_count(needle: str) -> None:
    wanted = np.frombuffer(needle.encode(), np.uint8)
    assert mark_containing_any_case(*buffers_of(["", "x", ""]), wanted, 0, 1).tolist() == [False] * 3
