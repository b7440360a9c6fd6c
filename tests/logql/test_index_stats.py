"""Index statistics: what a naive count over all entries says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.cancel import Cancel
from logql.errors import QueryCancelled
from logql.index_stats import IndexStats, index_stats
from logql.scan.selection import Selection
from logql.scan.workers import Workers
from logql.streams import matches_all
from logql.syntax import parse_selector
from storage.source import Source
from tests.logql.sizes import MS, STREAMS, entries, stored_sources, varied_sources
from tests.storage.entries import Entry

MATCHERS = {
    text: parse_selector(text) for text in ('{app=~".+"}', '{app="web"}', '{env="prod", app!="db"}', '{app="x"}')
}
selectors = st.sampled_from(sorted(MATCHERS))
starts, ends = st.integers(0, 12), st.integers(12, 32)


def asked(selector: str, start_ms: int, end_ms: int, sources: Sequence[Source]) -> IndexStats:
    workers = Workers(2)
    try:
        selection = Selection(partial(matches_all, MATCHERS[selector]), start_ms * MS, end_ms * MS)
        return index_stats(sources, selection, workers, Cancel())
    finally:
        workers.close()


def naive(selector: str, start_ms: int, end_ms: int, found: Sequence[Entry]) -> tuple[int, int, int]:
    """Streams, bytes, entries."""
    selected = [
        entry
        for entry in found
        if start_ms * MS <= entry.ts < end_ms * MS and matches_all(MATCHERS[selector], entry.labels)
    ]
    return (
        len({entry.labels for entry in selected}),
        sum(len(entry.line.encode()) for entry in selected),
        len(selected),
    )


@given(selectors, starts, ends, entries, entries)
def test_counts_are_those_of_a_naive_count(
    selector: str, start: int, end: int, found: list[Entry], hidden: list[Entry]
) -> None:
    stats = asked(selector, start, end, varied_sources(found, hidden))
    assert (stats.streams, stats.bytes, stats.entries) == naive(selector, start, end, found)


@settings(max_examples=30)
@given(selectors, starts, ends, entries, st.sampled_from([1, 900, 1 << 20]))
def test_a_part_counts_as_memory_does(
    selector: str, start: int, end: int, found: list[Entry], chunk_bytes: int
) -> None:
    folder, sources = stored_sources(found, chunk_bytes)
    with folder:
        stats = asked(selector, start, end, sources)
    assert (stats.streams, stats.bytes, stats.entries) == naive(selector, start, end, found)
    assert (stats.chunks > 0) == (stats.entries > 0)
    assert stats.chunks <= len(sources)


def test_nothing_is_zeros() -> None:
    assert asked('{app="web"}', 0, 9, []) == IndexStats(0, 0, 0, 0)


def test_a_cancelled_question_stops() -> None:
    cancel = Cancel()
    cancel.cancel()
    workers = Workers(1)
    sources = varied_sources([Entry(STREAMS[0], 1, "x")], [])
    with pytest.raises(QueryCancelled):
        index_stats(sources, Selection(lambda _: True, 0, 9), workers, cancel)
    workers.close()
