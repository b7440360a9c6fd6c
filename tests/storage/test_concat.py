"""Joining and sorting batches against lists of rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storage.batch import Batch
from storage.concat import concat, sorted_by_stream_and_time
from tests.storage.entries import entries_of
from tests.storage.strategies import batches


@given(st.lists(batches(), min_size=1, max_size=4))
def test_the_rows_of_all_batches_follow_each_other(parts: list[Batch]) -> None:
    joined = concat(parts)
    assert entries_of(joined) == [entry for part in parts for entry in entries_of(part)]
    assert len(set(joined.streams)) == len(joined.streams)
    assert all((column.codes >= 0).any() or not len(column.values) for column in joined.metadata.values())


@given(batches(max_size=20))
def test_sorting_orders_streams_by_text_and_rows_by_time_and_keeps_ties(batch: Batch) -> None:
    ranked, order = sorted_by_stream_and_time(batch)
    expected = sorted(entries_of(batch), key=lambda entry: (entry.labels.text, entry.ts))
    assert entries_of(ranked.take(order)) == expected


@given(batches(max_size=20))
def test_sorting_lists_only_streams_that_have_rows(batch: Batch) -> None:
    some = batch.take(np.arange(0, len(batch), 2))
    ranked, _ = sorted_by_stream_and_time(some)
    assert set(ranked.streams) == {entry.labels for entry in entries_of(some)}
    assert [labels.text for labels in ranked.streams] == sorted(labels.text for labels in ranked.streams)


@given(batches(min_size=1), st.data())
def test_taking_rows_by_index_or_mask_gives_those_rows(batch: Batch, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(batch) - 1), max_size=8))
    expected = [entries_of(batch)[row] for row in rows]
    assert entries_of(batch.take(np.array(rows, np.intp))) == expected
    mask = np.isin(np.arange(len(batch)), rows)
    assert entries_of(batch.take(mask)) == [entry for entry, kept in zip(entries_of(batch), mask, strict=True) if kept]
