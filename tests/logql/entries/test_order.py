"""Rows in query order: section 10 of the language page."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.entries.order import ordered_entries, spaced
from logql.requests import Direction
from logql.results import Entry as Found
from storage.labels import Labels
from tests.logql.frames import frame_of_entries
from tests.storage.entries import Entry

NOTHING = Labels({})


def ordered(direction: Direction, *frames: list[Entry]) -> list[str]:
    numbered = [(order, frame_of_entries(entries)) for order, entries in enumerate(frames)]
    return [entry.line for entry in ordered_entries(numbered, direction)]


def entry(line: str, ts: int = 0, app: str = "l1", s: str = "a", **metadata: str) -> Entry:
    return Entry(Labels({"app": app, "s": s}), ts, line, frozenset(metadata.items()))


@pytest.mark.parametrize("direction", list(Direction))
def test_streams_at_one_time_go_by_their_hash_in_both_directions(direction: Direction) -> None:
    # The hashes of s = a, b, c are 0x0c50ce02f26880ec, 0xe280a2c274da42ea, 0x5ce6a7acab20b8ce.
    frames = [entry("b", s="b")], [entry("c", s="c"), entry("a", s="a")]
    assert ordered(direction, *frames) == ["a", "c", "b"]


@pytest.mark.parametrize("direction", list(Direction))
def test_inside_a_stream_labels_go_by_their_text_in_both_directions(direction: Direction) -> None:
    # {..., s="a", z="1"} is before {..., s="a"}: a comma is before a brace.
    assert ordered(direction, [entry("2", z="2"), entry("none")], [entry("1", z="1")]) == ["1", "2", "none"]


@pytest.mark.parametrize(
    ("direction", "lines"), [(Direction.FORWARD, ["1", "2", "3", "4"]), (Direction.BACKWARD, ["4", "3", "2", "1"])]
)
def test_equal_labels_at_one_time_go_as_ingested_or_the_other_way_round(direction: Direction, lines: list[str]) -> None:
    assert ordered(direction, [entry("1"), entry("2")], [entry("3"), entry("4")]) == lines


@pytest.mark.parametrize(
    ("direction", "lines"), [(Direction.FORWARD, ["1", "2", "3"]), (Direction.BACKWARD, ["3", "2", "1"])]
)
def test_times_come_first(direction: Direction, lines: list[str]) -> None:
    assert ordered(direction, [entry("3", 3, s="a")], [entry("1", 1, s="b"), entry("2", 2, s="c")]) == lines


def test_a_stream_is_known_by_what_it_was_stored_under() -> None:
    dropped = frame_of_entries([entry("b", s="b"), entry("c", s="c")])
    rows = dropped.labels().delete("s", dropped.ts() == 0)
    assert [found.line for found in ordered_entries([(0, dropped.with_labels(rows))], Direction.FORWARD)] == ["c", "b"]


TIMES = st.lists(st.integers(0, 30), max_size=12)


@given(times=TIMES, interval=st.integers(1, 9), is_forward=st.booleans())
def test_entries_are_spaced_by_the_one_that_was_kept_before(times: list[int], interval: int, is_forward: bool) -> None:
    walked = sorted(times, reverse=not is_forward)
    found = [each.ts for each in spaced([Found(ts, "", NOTHING, NOTHING, NOTHING) for ts in walked], interval)]
    assert found[:1] == walked[:1]
    assert all(abs(later - earlier) >= interval for earlier, later in pairwise(found))
    for ts in walked:  # whatever is gone was too near to one that stayed before it
        assert ts in found or any(0 <= (ts - other) * (1 if is_forward else -1) < interval for other in found)
