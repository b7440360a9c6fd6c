"""Lengths of lines: those of the texts, also in slices of an array."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from storage.line_sizes import bytes_by_stream, line_sizes

rows = st.lists(st.tuples(st.integers(0, 4), st.text(max_size=5)), max_size=12)


@given(rows, st.integers(0, 12), st.integers(0, 12))
def test_sizes_are_those_of_the_lines_utf8(given_rows: list[tuple[int, str]], start: int, length: int) -> None:
    lines = pa.array([line for _, line in given_rows], pa.string()).slice(start, length)
    assert line_sizes(lines).tolist() == [len(line.encode()) for line in lines.to_pylist()]


@given(rows)
def test_each_stream_has_the_bytes_of_its_lines(given_rows: list[tuple[int, str]]) -> None:
    stream = np.array([number for number, _ in given_rows], np.int32)
    present = np.unique(stream)
    lines = pa.array([line for _, line in given_rows], pa.string())
    assert bytes_by_stream(stream, lines, present).tolist() == [
        sum(len(line.encode()) for number, line in given_rows if number == one) for one in present.tolist()
    ]
