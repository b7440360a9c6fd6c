"""A tail goes on over lost connections: nothing twice, nothing left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logctl import following as following_module
from logctl import seen as seen_module
from logctl.entries import LogEntry, Page
from logctl.errors import CommandError
from logctl.following import Following
from logctl.live import Lost, Message
from logctl.seen import SeenEntries

LABELS = (("app", "x"),)
NOBODY = "nobody is there"


def _entry(ts_ns: int) -> LogEntry:
    return LogEntry(ts_ns, LABELS, f"line {ts_ns}")


class Model:
    """A server as its protocol has it: rows come in the order of time, connections break, each after some messages.

    ``lives`` tells for each connection how many rows come before it, in it, and whether it can be made at all.
    """

    def __init__(self, lives: list[tuple[int, int, bool]]) -> None:
        self.rows: list[int] = []
        self._lives = iter(lives)

    def _come(self, count: int) -> list[int]:
        fresh = [len(self.rows) + 1 + number for number in range(count)]
        self.rows += fresh
        return fresh

    @contextmanager
    def open_tail(self, parameters: Any) -> Iterator[Callable[[], Message]]:
        asked = dict(parameters)
        before, meanwhile, works = next(self._lives, (0, 0, None))
        self._come(before)
        if works is None:
            raise KeyboardInterrupt
        if not works:
            raise Lost(NOBODY)
        history = [ts for ts in self.rows if ts >= int(asked["start"])][-int(asked["limit"]) :]
        lots = [history] * bool(history) + [[ts] for ts in self._come(meanwhile)]

        def receive() -> Message:
            if not lots:
                raise Lost("gone")
            streams = [{"stream": dict(LABELS), "values": [[str(ts), f"line {ts}"]]} for ts in lots.pop(0)]
            return {"streams": streams}

        yield receive

    def fetch(self, page: Page) -> list[LogEntry]:
        found = [ts for ts in self.rows if page.window.start_ns <= ts < page.window.end_ns]
        return [_entry(ts) for ts in found[: page.limit]]


def _followed(model: Model, limit: int) -> tuple[list[int], list[str]]:
    shown: list[int] = []
    told: list[str] = []
    following = Following(model.open_tail, model.fetch, told.append, lambda _: None)
    with suppress(KeyboardInterrupt):
        for entries in following.entries([], 0, limit):
            shown += [entry.ts_ns for entry in entries]
    return shown, told


LIVES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), st.booleans()), max_size=6)


@given(LIVES, st.integers(1, 5), st.integers(1, 5), st.integers(0, 10), st.integers(12, 40))
def test_every_line_is_shown_once_whatever_breaks(
    lives: list[tuple[int, int, bool]], limit: int, page: int, overlap: int, remembered: int
) -> None:
    first = (4, 2, True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following_module, "_PAGE_LINES", page)
        patch.setattr(seen_module, "_OVERLAP_NS", overlap)
        patch.setattr(seen_module, "_REMEMBERED", remembered)
        model = Model([first, *lives])
        shown, _ = _followed(model, limit)
    begin = shown[0]
    assert begin == max(4 - limit, 0) + 1
    expected = list(range(begin, len(model.rows) + 1))
    # What came after the last connection that worked nobody could show.
    assert shown == expected[: len(shown)]
    if not lives or lives[-1][2]:
        assert shown == expected


def test_the_first_connection_has_to_work() -> None:
    following = Following(Model([(0, 0, False)]).open_tail, lambda _: [], lambda _: None)
    with pytest.raises(CommandError, match=NOBODY):
        list(following.entries([], 0, 1))


def test_lost_connections_and_lines_are_told() -> None:
    @contextmanager
    def open_tail(_: Any) -> Iterator[Callable[[], Message]]:
        messages: list[Message] = [{"streams": None, "dropped_entries": [{"timestamp": "1", "labels": {}}]}]

        def receive() -> Message:
            if not messages:
                raise Lost("gone")
            return messages.pop()

        yield receive

    told: list[str] = []

    def sleep(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(Following(open_tail, lambda _: [], told.append, sleep).entries([], 0, 1))
    assert told == ["the server left out 1 lines or more: this reader is too slow for them", "gone; trying again"]


def test_a_query_that_the_server_refuses_at_once_is_not_tried_again() -> None:
    @contextmanager
    def open_tail(_: Any) -> Iterator[Callable[[], Message]]:
        def receive() -> Message:
            raise Lost("only log selector is supported", is_refusal=True)

        yield receive

    with pytest.raises(CommandError, match="only log selector is supported"):
        list(Following(open_tail, lambda _: [], lambda _: None).entries([], 0, 1))


def test_a_late_line_within_the_overlap_is_found_again() -> None:
    seen = SeenEntries()
    seen.fresh([_entry(100 * 10**9), _entry(150 * 10**9)])
    assert seen.resume_ns(0) == 120 * 10**9
    assert seen.fresh([_entry(130 * 10**9), _entry(150 * 10**9)]) == [_entry(130 * 10**9)]


def test_nothing_shown_means_asking_from_the_start_again() -> None:
    assert SeenEntries().resume_ns(7) == 7
