"""The head keeps rows in their order and joins small batches into few and long runs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from storage.batch import Batch, MetadataColumn
from storage.head import Head, batch_bytes
from storage.labels import Labels
from tests.storage.entries import Entry, batch_of, entries_of, entries_of_sources, numbered_batch
from tests.storage.strategies import batches


def add(head: Head, sequence: int, batch: Batch) -> None:
    head.add(sequence, batch, batch_bytes(batch))


@given(st.lists(batches(min_size=1), max_size=8), st.sets(st.integers(0, 8)))
def test_rows_come_back_in_the_order_they_came_however_often_somebody_looks(
    parts: list[Batch], looked_after: set[int]
) -> None:
    head = Head(0.0)
    for number, batch in enumerate(parts):
        add(head, number, batch)
        if number in looked_after:
            head.sources()
    expected = [entry for batch in parts for entry in entries_of(batch)]
    assert entries_of_sources(head.pieces()) == expected
    assert entries_of_sources(head.sources()) == expected
    assert head.rows == len(expected)
    assert head.last_sequence == len(parts) - 1


def test_a_reader_after_each_small_push_does_not_multiply_sources() -> None:
    head = Head(0.0)
    for number in range(1000):
        add(head, number, numbered_batch(number, 1))
        head.sources()
    assert len(head.sources()) <= 10


def test_what_a_reader_holds_does_not_change_when_rows_arrive() -> None:
    head = Head(0.0)
    add(head, 1, numbered_batch(0, 5))
    held = head.sources()
    for number in range(5, 200):
        add(head, number, numbered_batch(number, 1))
    assert entries_of_sources(held) == entries_of(numbered_batch(0, 5))


def test_small_pushes_are_joined_before_anybody_reads_and_long_ones_by_the_reader() -> None:
    small, long = Head(0.0), Head(0.0)
    for number in range(640):
        add(small, number, numbered_batch(number, 1))
    for number in range(64):
        add(long, number, batch_of([Entry(Labels({"a": "b"}), number, "x" * 70_000)]))
    assert len(small.pieces()) <= 10
    assert len(long.pieces()) == 64
    assert len(long.sources()) == len(long.pieces()) == 1


def test_names_that_differ_from_push_to_push_count_as_the_columns_they_become() -> None:
    head = Head(0.0)
    for push in range(50):
        column = MetadataColumn.of(["v"] * 100)
        batch = replace(numbered_batch(0, 100), metadata={f"n{push}_{name}": column for name in range(64)})
        head.add(push, batch, batch_bytes(batch))
    assert head.bytes > 5000 * 50 * 64 * 4
