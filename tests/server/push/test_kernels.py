"""The loops over slices: kernel and twin agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.push.kernels import LINE_SIZE_BOUNDS, count_line_sizes, gather, measure_json, spread_times

gather.load()
measure_json.load()
spread_times.load()
count_line_sizes.load()


@pytest.mark.parametrize("run", [count_line_sizes, count_line_sizes.twin])
@given(sizes=st.lists(st.sampled_from([0, 1, 2, 8, 9, 511, 512, 513, 8**7, 8**7 + 1]) | st.integers(0, 5000)))
def test_lines_are_counted_by_their_sizes(run: Any, sizes: list[int]) -> None:
    counts = np.zeros(len(LINE_SIZE_BOUNDS) + 1, np.int64)
    run(np.cumsum([7, *sizes]).astype(np.int32), counts)
    seen = np.cumsum(counts).tolist()
    assert seen == [sum(size <= bound for size in sizes) for bound in (*LINE_SIZE_BOUNDS, 2**31)]


@pytest.mark.parametrize("run", [gather, gather.twin])
@given(data=st.binary(max_size=60), cuts=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_slices_are_copied_one_after_the_other(run: Any, data: bytes, cuts: list[tuple[int, int]]) -> None:
    spans = [tuple(sorted(min(cut, len(data)) for cut in each)) for each in cuts]
    start, end = (np.array([span[side] for span in spans], np.int32) for side in (0, 1))
    offsets = np.concatenate([[0], np.cumsum(end - start)]).astype(np.int32)
    out = np.empty(offsets[-1], np.uint8)
    run(np.frombuffer(data, np.uint8), start, end, offsets, out)
    assert out.tobytes() == b"".join(data[first:last] for first, last in spans)


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 3), st.sampled_from([b"", b"a", b"b", b"ab", b"ac"])), max_size=12
    )
)
def test_times_are_spread_alike(rows: list[tuple[int, int, bytes]]) -> None:
    rows = sorted(rows, key=lambda row: row[0])
    stream = np.array([row[0] for row in rows], np.int32)
    ts = np.array([row[1] for row in rows], np.int64)
    offsets = np.cumsum([0, *(len(row[2]) for row in rows)], dtype=np.int32)
    data = np.frombuffer(b"".join(row[2] for row in rows), np.uint8)
    by_kernel, by_twin = np.empty_like(ts), np.empty_like(ts)
    spread_times(stream, ts, offsets, data, by_kernel)
    spread_times.twin(stream, ts, offsets, data, by_twin)
    assert by_kernel.tolist() == by_twin.tolist()
    assert all(late >= early for early, late in zip(ts.tolist(), by_kernel.tolist(), strict=True))


@given(st.text('{}[]",:\\a é', max_size=30).map(str.encode))
@example(b'{"a":["]}\\"]"]} {"b":1}')
@example(b'"unfinished [')
@example(b'"\\')
def test_json_is_measured_alike(text: bytes) -> None:
    data = np.frombuffer(text, np.uint8)
    by_kernel, by_twin = np.zeros(2, np.int64), np.zeros(2, np.int64)
    measure_json(data, by_kernel)
    measure_json.twin(data, by_twin)
    assert by_kernel.tolist() == by_twin.tolist()


@pytest.mark.parametrize(
    ("text", "values", "end"),
    [
        (b"", 1, 0),
        (b'{"a": 1}', 3, 8),
        (b'{"a": "b,:[{"} rest', 3, 14),
        (b'[[1,2],"\\"]"]x', 5, 13),
        (b"[[1]", 3, 4),
        (b"] }", 1, 1),
    ],
)
def test_measures_of_json(text: bytes, values: int, end: int) -> None:
    measures = np.zeros(2, np.int64)
    measure_json(np.frombuffer(text, np.uint8), measures)
    assert measures.tolist() == [values, end]
