"""Entries held back come out once each, in the order of time within reach of the delay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.results import Entry
from logql.tail import HeldEntries, held
from storage.labels import Labels

NONE = Labels()


def _entry(ts: int) -> Entry:
    return Entry(ts, f"line {ts}", NONE, NONE, NONE)


def _times(entries: list[Entry]) -> list[int]:
    return [entry.ts for entry in entries]


@pytest.mark.parametrize(
    ("arrivals", "asked_at", "expected"),
    [
        ([(100, 100)], 109, []),
        ([(100, 100)], 110, [100]),
        ([(100, 100), (99, 105)], 110, [99, 100]),  # a late one before it goes with it
        ([(100, 100), (104, 105)], 110, [100]),
        ([(500, 100)], 110, [500]),  # from the future: held from its arrival on
        ([(500, 100), (105, 105)], 110, [105, 500]),
        ([(20, 100)], 100, [20]),  # older than the delay already
        ([(100, 100), (100, 104)], 110, [100, 100]),
    ],
)
def test_when_entries_are_due(arrivals: list[tuple[int, int]], asked_at: int, expected: list[int]) -> None:
    waiting = HeldEntries(10)
    for ts, now in arrivals:
        waiting.add([_entry(ts)], now)
    assert _times(waiting.due(asked_at)) == expected


def test_the_next_moment_is_that_of_the_first_due_entry() -> None:
    waiting = HeldEntries(10)
    assert waiting.next_due_ns() is None
    waiting.add([_entry(100), _entry(90)], 100)
    assert waiting.next_due_ns() == 100


def test_beyond_its_bound_the_oldest_go_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_HELD", 2)
    waiting = HeldEntries(1000)
    waiting.add([_entry(ts) for ts in (4, 3, 2, 1)], 5)
    assert _times(waiting.due(5)) == [1, 2]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=30), st.integers(1, 20))
def test_each_comes_once_and_in_order_if_none_is_later_than_the_delay(
    arrivals: list[tuple[int, int]], delay: int
) -> None:
    waiting, given_times, now = HeldEntries(delay), [], 0
    lateness = 0
    newest = 0
    for ts, pause in arrivals:
        now += pause
        lateness = max(lateness, newest - ts, now - ts)
        newest = max(newest, ts)
        waiting.add([_entry(ts)], now)
        given_times += _times(waiting.due(now))
    given_times += _times(waiting.due(now + delay))
    assert sorted(given_times) == sorted(ts for ts, _ in arrivals)
    if lateness < delay and all(ts <= 5 for ts, _ in arrivals):
        assert given_times == sorted(given_times)
