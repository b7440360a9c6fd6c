"""The labels with which entries enter the pipeline: section 4.1 of the language page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.labels.start import metadata_behind
from storage.labels import Labels
from tests.logql.frames import frame_of
from tests.oracle.needed import EVERYTHING
from tests.oracle.row import Row
from tests.storage.entries import Entry

PAIRS = st.dictionaries(
    st.sampled_from(["a", "a_extracted", "b", "__error__", "__error_details__"]), st.sampled_from(["1", "2"])
)
STREAMS = st.dictionaries(st.sampled_from(["a", "b", "a_extracted"]), st.just("s"), max_size=3)


@pytest.mark.parametrize(
    ("stream", "metadata", "labels"),
    [
        ({"a": "s"}, {}, {"a": "s"}),
        ({"a": "s"}, {"b": "m"}, {"a": "s", "b": "m"}),
        ({"a": "s"}, {"a": "m"}, {"a": "s", "a_extracted": "m"}),
        ({"a": "s"}, {"a": "m", "a_extracted": "own"}, {"a": "s", "a_extracted": "own"}),
        ({}, {"a": "m"}, {"a": "m"}),
        ({"a": "s"}, {"__error__": "E"}, {"a": "s", "__error__": "E"}),
        ({}, {"__error_details__": "D"}, {"__error_details__": "D"}),
    ],
)
def test_the_labels_of_one_entry(stream: dict[str, str], metadata: dict[str, str], labels: dict[str, str]) -> None:
    state = frame_of([({"z": "1"}, 0, "", {"a": "other"}), (stream, 1, "", metadata)]).labels()
    assert dict(state.labels(1)) == labels


@given(st.lists(st.tuples(STREAMS, PAIRS), min_size=1, max_size=6))
def test_all_rows_start_as_the_naive_ones(rows: list[tuple[dict[str, str], dict[str, str]]]) -> None:
    state = frame_of([(stream, 0, "", pairs) for stream, pairs in rows]).labels()
    for number, (stream, pairs) in enumerate(rows):
        row = Row(Entry(Labels(stream), 0, "", frozenset(pairs.items())), EVERYTHING)
        assert state.categories(number) == row.categories()


@given(
    st.lists(st.tuples(STREAMS, PAIRS), min_size=1, max_size=6), st.sampled_from(["a", "a_extracted", "b", "nosuch"])
)
def test_what_is_read_for_a_name_is_enough_to_look_it_up(
    rows: list[tuple[dict[str, str], dict[str, str]]], name: str
) -> None:
    given_rows = [(stream, 0, "", pairs) for stream, pairs in rows]
    narrow, wide = frame_of(given_rows).labels({name}).lookup(name), frame_of(given_rows).labels().lookup(name)
    assert [narrow.text(row) for row in range(len(rows))] == [wide.text(row) for row in range(len(rows))]


@pytest.mark.parametrize(
    ("names", "keys"), [(None, None), (set(), set()), ({"a"}, {"a"}), ({"a_extracted"}, {"a", "a_extracted"})]
)
def test_the_stored_keys_behind_names(names: set[str] | None, keys: set[str] | None) -> None:
    assert metadata_behind(names) == (None if keys is None else keys | {"__error__", "__error_details__"})
