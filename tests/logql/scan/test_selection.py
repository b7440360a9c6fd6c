"""Which rows of a source a query looks at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.scan.selection import Refusal, Selection
from storage.labels import Labels
from storage.source import BatchSource
from tests.logql.frames import kept
from tests.storage.entries import Entry, batch_of

WEB, API = Labels({"app": "web"}), Labels({"app": "api"})
ENTRIES = st.lists(
    st.builds(Entry, st.sampled_from([WEB, API]), st.integers(0, 6), st.just("l")), min_size=1, max_size=8
)


def is_web(labels: Labels) -> bool:
    return labels["app"] == "web"


@given(ENTRIES, st.integers(-1, 7), st.integers(-1, 7))
def test_rows_of_accepted_streams_from_the_start_up_to_before_the_end(
    entries: list[Entry], start: int, end: int
) -> None:
    source = BatchSource(batch_of(entries))
    selection = Selection(is_web, start, end)
    wanted = [row for row, entry in enumerate(entries) if entry.labels is WEB and start <= entry.ts < end]
    if selection.may_hold(source):
        frame = selection.frame(source)
        assert frame.rows.tolist() == wanted
        assert [row for row, _, _ in kept(frame)] == wanted
    else:
        assert wanted == []


@pytest.mark.parametrize(
    ("labels", "ts", "refusal"),
    [
        (WEB, 5, None),
        (WEB, 10, Refusal.TIME),  # the end is out
        (WEB, 4, Refusal.TIME),
        (WEB, 9, None),
        (API, 5, Refusal.STREAMS),
        (API, 10, Refusal.TIME),
    ],
)
def test_sources_are_refused_without_a_read(labels: Labels, ts: int, refusal: Refusal | None) -> None:
    selection = Selection(is_web, 5, 10)
    source = BatchSource(batch_of([Entry(labels, ts, "l")]))
    assert (selection.refusal(source), selection.may_hold(source)) == (refusal, refusal is None)


def test_a_stream_of_the_table_without_rows_does_not_count() -> None:
    batch = batch_of([Entry(WEB, 1, "a"), Entry(API, 2, "b")])
    source = BatchSource(batch.take(batch.ts == 2))
    assert Selection(is_web, 0, 10).refusal(source) is Refusal.STREAMS


def test_streams_are_tested_once_for_all_sources_that_share_their_table() -> None:
    tested: list[Labels] = []

    def matches(labels: Labels) -> bool:
        tested.append(labels)
        return True

    selection = Selection(matches, 0, 10)
    batch = batch_of([Entry(WEB, 1, "a"), Entry(API, 2, "b")])
    for ts in (1, 2):
        selection.frame(BatchSource(batch.take(batch.ts == ts)))
    assert tested == [WEB, API]
