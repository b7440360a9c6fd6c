"""Duplicates against a set: the first of equal rows stays, wherever the others are."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from storage.duplicates import newest_after, without_duplicates
from storage.errors import CorruptData
from storage.labels import Labels
from storage.source import BatchSource
from tests.storage.entries import Entry, batch_of, entries_of
from tests.storage.strategies import entry_lists

LABELS = Labels({"app": "web"})


def newest_of(entries: list[Entry]) -> dict[Labels, int]:
    newest: dict[Labels, int] = {}
    for entry in entries:
        newest[entry.labels] = max(newest.get(entry.labels, entry.ts), entry.ts)
    return newest


@given(entry_lists(max_size=20), st.lists(entry_lists(min_size=1), max_size=3), st.data())
def test_only_rows_that_are_new_stay_in_their_order(
    pushed: list[Entry], stored: list[list[Entry]], data: st.DataObject
) -> None:
    known = [entry for entries in stored for entry in entries]
    again = data.draw(st.lists(st.sampled_from(known), max_size=5)) if known else []
    rows = data.draw(st.permutations(pushed + again))
    expected = list(dict.fromkeys(entry for entry in rows if entry not in set(known)))
    sources = [BatchSource(batch_of(entries)) for entries in stored]
    assert entries_of(without_duplicates(batch_of(rows), newest_of(known), sources)) == expected


@given(entry_lists(max_size=20), entry_lists(max_size=20))
def test_rows_go_unlooked_at_only_when_each_is_newer_than_all_before_it(
    stored: list[Entry], pushed: list[Entry]
) -> None:
    batch, newest = batch_of(pushed), newest_of(stored)
    after = newest_after(batch, newest)
    seen = dict(newest)
    is_newer = []
    for entry in pushed:
        # The first moment of all time stands for never: its rows are looked at.
        is_newer.append(entry.ts > seen.get(entry.labels, -(1 << 63)))
        seen[entry.labels] = max(seen.get(entry.labels, entry.ts), entry.ts)
    assert (after is not None) == all(is_newer)
    if after is not None:
        assert dict(zip(batch.streams, after.tolist(), strict=True)) == {each: seen[each] for each in batch.streams}
        assert entries_of(without_duplicates(batch, newest, [])) == pushed


@given(entry_lists(min_size=1, max_size=20))
def test_the_retry_of_a_whole_batch_leaves_nothing(pushed: list[Entry]) -> None:
    batch = batch_of(pushed)
    assert not len(without_duplicates(batch, newest_of(pushed), [BatchSource(batch)]))


def test_rows_that_differ_in_one_thing_only_all_stay() -> None:
    base = Entry(LABELS, 5, "line", frozenset({("level", "info")}))
    rows = [
        base,
        base._replace(labels=Labels({"app": "db"})),
        base._replace(ts=6),
        base._replace(line="line "),
        base._replace(metadata=frozenset({("level", "warn")})),
        base._replace(metadata=frozenset({("lvl", "info")})),
        base._replace(metadata=frozenset()),
    ]
    assert entries_of(without_duplicates(batch_of(rows), {}, [])) == rows
    for row in rows:
        others = [other for other in rows if other != row]
        left = without_duplicates(batch_of(rows), newest_of(rows), [BatchSource(batch_of(others))])
        assert entries_of(left) == [row]


def test_stored_rows_are_not_read_for_rows_newer_than_all_of_their_stream() -> None:
    def stored() -> list[BatchSource]:
        raise AssertionError("nothing needed to be read")

    batch = batch_of([Entry(LABELS, 10, "a"), Entry(LABELS, 11, "b"), Entry(Labels({"app": "new"}), 1, "c")])
    generator = (source for make in [stored] for source in make())
    assert without_duplicates(batch, {LABELS: 9}, generator) is batch


class Unreadable(BatchSource):
    """A source whose bytes are damaged."""

    def line(self) -> pa.Array:
        raise CorruptData("part", 0, "damaged by the test")


def test_a_late_row_is_stored_when_what_it_may_repeat_cannot_be_read() -> None:
    rows = [Entry(LABELS, 1, "a"), Entry(LABELS, 2, "b")]
    readable = BatchSource(batch_of(rows[:1]))
    left = without_duplicates(batch_of(rows), newest_of(rows), [Unreadable(batch_of(rows)), readable])
    assert entries_of(left) == rows[1:]
