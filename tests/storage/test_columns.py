"""Columns keep every row through Arrow, whatever its metadata."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from storage.batch import Batch, string_buffers
from storage.columns import MAX_METADATA_COLUMNS, OVERFLOW, to_arrow, to_batch
from storage.labels import Labels
from tests.storage.entries import Entry, batch_of, entries_of
from tests.storage.strategies import batches

LABELS = Labels({"app": "web"})


@given(batches())
def test_a_batch_comes_back_from_arrow(batch: Batch) -> None:
    again = to_batch(to_arrow(batch))
    assert entries_of(again) == entries_of(batch)
    assert again.streams == batch.streams


@given(batches())
def test_the_record_batch_is_valid_arrow_and_names_streams_readably(batch: Batch) -> None:
    record = to_arrow(batch)
    record.validate(full=True)
    expected = [batch.streams[number].text for number in batch.stream]
    assert record.column("stream").to_pylist() == expected


@given(batches(min_size=1))
def test_a_slice_of_a_record_batch_is_read_like_its_rows(batch: Batch) -> None:
    half = len(batch) // 2
    sliced = to_batch(to_arrow(batch).slice(half))
    assert entries_of(sliced) == entries_of(batch)[half:]


@pytest.mark.parametrize("keys", [0, 1, MAX_METADATA_COLUMNS, MAX_METADATA_COLUMNS + 1, 300])
def test_rare_keys_beyond_the_limit_share_one_column(keys: int) -> None:
    frequent = Entry(LABELS, 1, "a", frozenset((f"k{n}", "x") for n in range(min(keys, 5))))
    batch = batch_of([frequent, Entry(LABELS, 2, "b", frozenset((f"k{n}", "y") for n in range(keys)))])
    record = to_arrow(batch)
    assert (OVERFLOW in record.schema.names) == (keys > MAX_METADATA_COLUMNS)
    assert len(record.schema.names) <= 3 + MAX_METADATA_COLUMNS + 1
    assert all(f"metadata.k{n}" in record.schema.names for n in range(min(keys, 5)))
    assert entries_of(to_batch(record)) == entries_of(batch)


def test_a_key_with_a_value_of_its_own_in_each_row_has_no_dictionary() -> None:
    batch = batch_of([Entry(LABELS, n, "x", frozenset({("trace", f"t{n}"), ("level", "info")})) for n in range(100)])
    schema = to_arrow(batch).schema
    assert schema.field("metadata.trace").type == pa.string()
    assert pa.types.is_dictionary(schema.field("metadata.level").type)


@given(batches(min_size=1))
def test_string_buffers_give_the_bytes_of_every_line_also_of_a_slice(batch: Batch) -> None:
    line = batch.line.slice(len(batch) // 2)
    offsets, data = string_buffers(line)
    found = [bytes(data[start:stop]).decode() for start, stop in pairwise(offsets)]
    assert found == line.to_pylist()
    assert not np.any(np.diff(offsets) < 0)
