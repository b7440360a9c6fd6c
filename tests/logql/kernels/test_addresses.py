"""Where lines hold what may be an address: section 5.3 of the language page."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from logql.kernels import find_addresses
from storage.batch import string_buffers
from tests.logql.kernels.lines import buffers_of, line_arrays

find_addresses.load()

PIECES = ["1", "10", "256", ".", "..", ":", "::", "a", "F", "g", " ", "é", "٣", "1.2.3.4", "fe80::1", "%eth0"]
LINES = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@given(lines=line_arrays(LINES))
@example(lines=pa.array(["1.2.3.4 " * 40]))  # more candidates than the first table holds, on one line
@example(lines=pa.array(["1.2.3.4"] * 65))
@example(lines=pa.array(["1", ".2.3.4"]))  # an address over two lines is none
@example(lines=pa.array(["::", "1:2"]))
@example(lines=pa.array([], pa.string()))
def test_kernel_and_twin_find_the_same(lines: pa.Array) -> None:
    arguments = string_buffers(lines)
    assert find_addresses(*arguments).tolist() == find_addresses.twin(*arguments).tolist()


@given(lines=line_arrays(LINES))
def test_candidates_are_maximal_runs_inside_their_rows_in_order(lines: pa.Array) -> None:
    offsets, data = string_buffers(lines)
    found = find_addresses(offsets, data).tolist()
    assert found == sorted(found)
    for row, start, stop in found:
        assert offsets[row] <= start < stop <= offsets[row + 1]
        run = data[start:stop].tobytes()
        of_v4 = run.strip(b"0123456789.") == b""
        behind = data[stop : offsets[row + 1]].tobytes()[:1]
        assert of_v4 or run.strip(b"0123456789abcdefABCDEF:.") == b""
        assert not behind or behind not in b"0123456789."


@pytest.mark.parametrize("run", [find_addresses, find_addresses.twin])
@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("ip=10.0.0.1", ["10.0.0.1"]),
        ("192.168.4.7:8080", ["192.168.4.7"]),
        ("[::1]:80", ["::1"]),
        ("[::1]", []),  # as ::1] is four bytes
        ("fe80::1%eth0", ["fe80::1"]),
        ("v1.2.3.4.5", ["1.2.3.4.5"]),
        ("10.0.0.256", ["10.0.0.256"]),
        ("1.2.3.4,5.6.7.8", ["1.2.3.4", "5.6.7.8"]),
        ("::ffff:1.2.3.4", ["::ffff:1.2.3.4"]),
        ("ABCD:1::", ["ABCD:1::"]),
        ("12:30:45", ["12:30:45"]),
        ("1.2", []),  # four bytes must remain
        ("1.23", ["1.23"]),
        ("1234.5", ["234.5"]),  # no dot among the three bytes after the 1
        ("::a", []),  # five bytes must remain
        ("::abc", ["::abc"]),
        ("::gab", []),
        ("abcde:1", ["bcde:1"]),
        ("g:abcd", []),
        ("text without any", []),
        ("", []),
    ],
)
def test_candidates_of_a_line(run: Any, line: str, candidates: list[str]) -> None:
    offsets, data = buffers_of([line])
    assert [data[start:stop].tobytes().decode() for _, start, stop in run(offsets, data).tolist()] == candidates
