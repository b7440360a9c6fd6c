"""Walking through pages: nothing is missed and nothing comes twice, however many lines share a nanosecond."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from logctl.entries import LogEntry, Page, flatten, walk
from logctl.times import Window

WINDOW = Window(0, 20)
ENTRIES = st.lists(
    st.builds(LogEntry, st.integers(-2, 22), st.sampled_from([(("a", "1"),), (("a", "2"),)]), st.sampled_from("xyz")),
    max_size=60,
)


def served(stored: list[LogEntry], forward: bool, page: Page) -> list[LogEntry]:
    """What a server answers: start included, end excluded, the first ``limit`` in the asked direction."""
    inside = [entry for entry in stored if page.window.start_ns <= entry.ts_ns < page.window.end_ns]
    return sorted(inside, key=lambda entry: entry.ts_ns, reverse=not forward)[: page.limit]


@given(ENTRIES, st.integers(0, 70), st.integers(1, 25), st.booleans())
def test_pages_join_to_one_answer(stored: list[LogEntry], limit: int, batch: int, forward: bool) -> None:
    pages = list(walk(lambda page: served(stored, forward, page), WINDOW, limit, batch, forward))
    given_entries = [entry for page in pages for entry in page]
    whole = served(stored, forward, Page(WINDOW, limit or len(stored)))
    assert [entry.ts_ns for entry in given_entries] == [entry.ts_ns for entry in whole]
    assert not Counter(given_entries) - Counter(stored)
    if len(whole) < (limit or len(stored) + 1):
        assert Counter(given_entries) == Counter(whole)
    assert all(0 < len(page) <= batch for page in pages)


@given(ENTRIES, st.integers(1, 25), st.booleans())
def test_no_page_is_larger_than_a_batch_but_for_ties(stored: list[LogEntry], batch: int, forward: bool) -> None:
    ties = max(Counter(entry.ts_ns for entry in stored).values(), default=0)
    asked: list[int] = []

    def fetch(page: Page) -> list[LogEntry]:
        asked.append(page.limit)
        return served(stored, forward, page)

    given_entries = [entry for page in walk(fetch, WINDOW, 0, batch, forward) for entry in page]
    assert Counter(given_entries) == Counter(served(stored, forward, Page(WINDOW, len(stored))))
    assert max(asked) <= max(batch, ties + 1)


@given(ENTRIES, st.booleans())
def test_flatten_merges_streams_in_time_order(stored: list[LogEntry], forward: bool) -> None:
    streams: dict[Any, list[Any]] = {}
    for entry in stored:
        streams.setdefault(entry.labels, []).append([str(entry.ts_ns), entry.line, {"ignored": {}}])
    result = [{"stream": dict(labels), "values": values} for labels, values in streams.items()]
    flat = flatten(result, forward)
    assert Counter(flat) == Counter(stored)
    stamps = [entry.ts_ns for entry in flat]
    assert stamps == sorted(stamps, reverse=not forward)
