"""Label states against one naive row a row: any sequence of changes comes to the same labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logql.labels import LabelState
from storage.batch import MetadataColumn
from storage.labels import Labels
from tests.logql.frames import frame_of_entries
from tests.oracle.needed import EVERYTHING
from tests.oracle.row import Row
from tests.storage.entries import Entry

NAMES = st.sampled_from(["a", "b", "c", "a_extracted"])
SLOTS = st.sampled_from(["__error__", "__error_details__"])
VALUES = st.sampled_from(["", "1", "2"])
STREAMS = st.dictionaries(st.sampled_from(["a", "c"]), VALUES, max_size=2).map(Labels)
METADATA = st.dictionaries(NAMES | SLOTS, st.sampled_from(["m", "n"]), max_size=3)
ROWS = 4
ENTRIES = st.lists(
    st.builds(lambda labels, pairs: Entry(labels, 0, "", frozenset(pairs.items())), STREAMS, METADATA),
    min_size=ROWS,
    max_size=ROWS,
)


class Change(NamedTuple):
    """``kind`` is a method of LabelState; ``texts`` are the values, None in rows that it leaves alone."""

    kind: str
    name: str
    texts: Sequence[str | None]
    flag: bool


CHANGES = st.builds(
    Change,
    st.sampled_from(["set", "extract", "delete", "set_error", "clear_error"]),
    NAMES,
    st.lists(st.none() | VALUES, min_size=ROWS, max_size=ROWS),
    st.booleans(),
)


def changed(state: LabelState, change: Change) -> LabelState:
    column = MetadataColumn.of(change.texts)
    rows = np.array([text is not None for text in change.texts], np.bool_)
    slot = "__error__" if change.flag else "__error_details__"
    match change.kind:
        case "set":
            return state.set(change.name, column)
        case "extract":
            return state.extract(change.name, column, overwrites=change.flag)
        case "delete":
            return state.delete(change.name, rows)
        case "set_error":
            errors = MetadataColumn.of([None if text is None else f"E{text}" for text in change.texts])
            return state.set_error(errors, column, overwrites=change.flag)
        case _:
            return state.clear_error(slot, rows)


def change_row(row: Row, change: Change, text: str) -> None:
    """The same to one naive row."""
    match change.kind:
        case "set":
            row.put(change.name, text)
        case "extract" if change.flag:
            row.put(row.target(change.name), text)
        case "extract":
            row.extract(change.name, text)
        case "delete":
            row.delete(change.name)
        case "set_error" if change.flag or not row.error:
            row.error, row.error_details = f"E{text}", text
        case "clear_error" if change.flag:
            row.error = ""
        case "clear_error":
            row.error_details = ""


def played(entries: Sequence[Entry], changes: Sequence[Change]) -> tuple[LabelState, list[Row]]:
    state, rows = frame_of_entries(entries).labels(), [Row(entry, EVERYTHING) for entry in entries]
    for change in changes:
        state = changed(state, change)
        for row, text in zip(rows, change.texts, strict=True):
            if text is not None:
                change_row(row, change, text)
    return state, rows


@given(ENTRIES, st.lists(CHANGES, max_size=8))
def test_any_changes_come_to_the_categories_of_the_naive_rows(entries: list[Entry], changes: list[Change]) -> None:
    state, rows = played(entries, changes)
    assert [state.categories(number) for number in range(ROWS)] == [row.categories() for row in rows]
    assert [dict(state.labels(number)) for number in range(ROWS)] == [row.labels() for row in rows]


@given(ENTRIES, st.lists(CHANGES, max_size=8), NAMES)
def test_a_name_is_looked_up_as_in_the_naive_rows(entries: list[Entry], changes: list[Change], name: str) -> None:
    state, rows = played(entries, changes)
    found = state.lookup(name)
    # An empty stream label counts as none wherever it is looked at, so that "" and absent come to the same there.
    for number, row in enumerate(rows):
        own = row.parsed.get(name, row.metadata.get(name))
        assert found.text(number) == own if own is not None else (found.text(number) or None) == row.get(name)
    assert [state.lookup("__error__").text(number) or "" for number in range(ROWS)] == [row.error for row in rows]


@given(
    ENTRIES,
    st.lists(CHANGES, max_size=6),
    st.lists(CHANGES, max_size=3),
    st.lists(st.booleans(), min_size=ROWS, max_size=ROWS),
)
def test_rows_taken_on_the_way_go_on_as_if_alone(
    entries: list[Entry], first: list[Change], then: list[Change], mask: list[bool]
) -> None:
    state, _ = played(entries, first)
    taken = state.take(np.flatnonzero(mask))
    for change in then:
        texts = [text for text, is_taken in zip(change.texts, mask, strict=True) if is_taken]
        taken = changed(taken, change._replace(texts=texts))
    whole, _ = played(entries, [*first, *then])
    assert len(taken) == sum(mask)
    assert [taken.categories(n) for n in range(len(taken))] == [whole.categories(int(n)) for n in np.flatnonzero(mask)]


@given(ENTRIES, st.lists(CHANGES, max_size=8))
def test_rows_of_one_stream_with_the_same_codes_have_the_same_labels(
    entries: list[Entry], changes: list[Change]
) -> None:
    state, _ = played(entries, changes)
    columns = list(state.code_columns(None))
    assert all(codes.min() >= -1 and codes.max() < size for codes, size in columns)
    seen: dict[tuple[int, ...], Labels] = {}
    for row in range(ROWS):
        key = (int(state.stream[row]), *(int(codes[row]) for codes, _ in columns))
        assert seen.setdefault(key, state.labels(row)) == state.labels(row)


@given(ENTRIES, st.lists(CHANGES, max_size=8))
def test_no_name_is_missing_from_the_names_and_a_change_leaves_the_state_before_it(
    entries: list[Entry], changes: list[Change]
) -> None:
    start = frame_of_entries(entries).labels()
    before = [start.categories(row) for row in range(ROWS)]
    state = start
    for change in changes:
        state = changed(state, change)
        assert {name for row in range(ROWS) for name in state.labels(row) if name[:2] != "__"} <= set(state.names())
    assert [start.categories(row) for row in range(ROWS)] == before


@given(
    ENTRIES,
    st.lists(CHANGES, max_size=3),
    st.dictionaries(NAMES | st.just("d"), st.lists(st.none() | VALUES, min_size=ROWS, max_size=ROWS), max_size=4),
    st.booleans(),
)
def test_labels_extracted_together_are_labels_extracted_one_by_one(
    entries: Sequence[Entry],
    changes: Sequence[Change],
    texts: dict[str, Sequence[str | None]],
    overwrites: bool,
) -> None:
    state = frame_of_entries(entries).labels()
    for change in changes:
        state = changed(state, change)
    columns = {name: MetadataColumn.of(values) for name, values in texts.items()}
    together, one_by_one = state.extract_all(columns, overwrites), state
    for name, column in columns.items():
        one_by_one = one_by_one.extract(name, column, overwrites)
    for name, column in columns.items():  # what is decided is the same, too
        together, one_by_one = together.extract(name, column), one_by_one.extract(name, column)
    assert [together.categories(row) for row in range(ROWS)] == [one_by_one.categories(row) for row in range(ROWS)]
