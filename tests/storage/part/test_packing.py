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
from tests.storage.strategies import batches


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


@pytest.mark.parametrize(
    ("sizes", "lines"),
    [
        ([1, 1], ["abc", ""]),
        ([4, -1], ["abc", ""]),
        ([1, 2], ["ab", "c"]),
        ([2**31 - 1, 2**31 - 1], ["", ""]),
        ([], []),
    ],
)
def test_lengths_that_are_not_those_of_the_text_are_an_error(sizes: list[int], lines: list[str]) -> None:
    columns = {"line.bytes": pa.array(np.array(sizes, np.int32)), "lines": pa.array(lines, pa.string())}
    with pytest.raises(ValueError, match="lengths"):
        unpacked(pa.RecordBatch.from_pydict(columns))
