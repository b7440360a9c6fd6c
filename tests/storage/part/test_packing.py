"""Packed columns give back what went in, whatever the times and the lines; lengths that cannot be are an error."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.batch import Batch
from storage.columns import to_arrow
from storage.part.packing import logical_names, packed, stored_names, unpacked
from tests.storage.strategies import TIMES, batches

FIRST, LAST = -(2**63), 2**63 - 1


@given(batches(min_size=1), st.data())
def test_what_is_packed_is_unpacked_also_of_a_slice(batch: Batch, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(batch) - 1))
    record = to_arrow(batch).slice(start, data.draw(st.integers(1, len(batch) - start)))
    stored = packed(record)
    stored.validate(full=True)
    again = unpacked(stored)
    again.validate(full=True)
    assert again.select(record.schema.names).equals(record)
    assert set(logical_names(stored.schema.names)) == set(record.schema.names)


@given(batches(min_size=1))
def test_columns_can_be_read_one_by_one(batch: Batch) -> None:
    record = to_arrow(batch)
    stored = packed(record)
    for name in record.schema.names:
        read = unpacked(stored.select(stored_names([name], stored.schema.names)))
        assert read.schema.names == [name]
        assert read.column(name).equals(record.column(name))


def test_what_is_not_packed_is_left_alone() -> None:
    record = pa.RecordBatch.from_pydict({"ts": [1], "line": ["a"]})
    assert unpacked(record) is record
    assert stored_names(["line", "ts"], record.schema.names) == ["line", "ts"]


def record_of(times: list[int], lines: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"ts": pa.array(times, pa.timestamp("ns", "UTC")), "line": pa.array(lines)})


@given(st.lists(TIMES | st.sampled_from([60, -60, 2**40, LAST - 1, FIRST + 1]), min_size=1))
def test_times_are_exact_however_far_apart(times: list[int]) -> None:
    again = unpacked(packed(record_of(times, ["x"] * len(times))))
    assert again.column("ts").view(pa.int64()).to_pylist() == times


@pytest.mark.parametrize(
    ("times", "row_bytes"),
    [
        ([5], 0),
        ([5] * 9, 0),
        (list(range(0, 9_000_000_000, 1_000_000_000)), 1),
        ([0, 1, 2, 3, 40_000, 40_001], 3),
        ([LAST, FIRST], 1),
        ([FIRST, 0, FIRST], 1),
        ([0, FIRST, 1], 8),
    ],
)
def test_times_take_as_many_bytes_as_their_largest_step(times: list[int], row_bytes: int) -> None:
    stored = packed(record_of(times, [""] * len(times)))
    assert len(stored.column("ts.delta")[0].as_py()) == 16 + row_bytes * len(times)
    assert unpacked(stored).column("ts").view(pa.int64()).to_pylist() == times


@pytest.mark.parametrize(("length", "row_bytes"), [(0, 0), (1, 1), (255, 1), (256, 2), (65_536, 3)])
def test_lengths_take_as_many_bytes_as_the_longest_line(length: int, row_bytes: int) -> None:
    lines = ["", "x" * length, "y" * (length // 2)]
    stored = packed(record_of([1, 2, 3], lines))
    assert len(stored.column("line.bytes")[0].as_py()) == row_bytes * 3
    assert unpacked(stored).column("line").to_pylist() == lines


def test_the_bytes_of_lines_are_not_copied() -> None:
    stored = packed(record_of([1, 2], ["a", "bc"]))
    assert unpacked(stored).column("line").buffers()[2].address == stored.column("lines").buffers()[2].address


HEAD = np.array([7, 1], "<u8").tobytes()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("ts.delta", [b"", b"", b""], "without the first"),
        ("ts.delta", [HEAD[:15], b"", b""], "without the first"),
        ("ts.delta", [HEAD + b"ab", b"", b""], "as many as there are rows"),
        ("ts.delta", [HEAD + bytes(27), b"", b""], "as many as there are rows"),
        ("ts.delta", [HEAD, b"a", b""], "first row"),
        ("line.bytes", [b"\1\1\2", b"", b""], "lengths"),
        ("line.bytes", [b"\1\1", b"", b""], "as many as there are rows"),
        ("line.bytes", [b"\xff" * 12, b"", b""], "lengths"),
        ("line.bytes", [bytes(15), b"", b""], "as many as there are rows"),
        ("lines", ["", "", ""], "lengths"),
        ("lines", ["ab", "c", ""], "first row"),
        ("lines", ["abcd", "", ""], "lengths"),
    ],
)
def test_what_was_never_packed_is_an_error(name: str, content: list[str] | list[bytes], message: str) -> None:
    stored = packed(record_of([1, 2, 3], ["a", "b", "c"]))
    with pytest.raises(ValueError, match=message):
        unpacked(stored.set_column(stored.schema.names.index(name), name, pa.array(content)))


@pytest.mark.parametrize("offsets", [[0, 1 << 20, 1 << 20, 1 << 20], [-4, 3, 3, 3], [3, 0, 0, 0]])
def test_offsets_outside_of_the_bytes_are_an_error(offsets: list[int]) -> None:
    stored = packed(record_of([1, 2, 3], ["a", "b", "c"]))
    good = np.array([0, 3, 3, 3], np.int32)
    column = pa.StringArray.from_buffers(3, pa.py_buffer(good), pa.py_buffer(b"abc"))
    damaged = stored.set_column(stored.schema.names.index("lines"), "lines", column)
    good[:] = offsets  # behind the back of Arrow, which checks no file that it reads
    with pytest.raises(ValueError, match="first row"):
        unpacked(damaged)


def test_a_packed_chunk_has_rows() -> None:
    with pytest.raises(ValueError, match="no rows"):
        unpacked(packed(record_of([1], ["a"])).slice(1))
