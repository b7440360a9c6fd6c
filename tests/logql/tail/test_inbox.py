"""What waits for a tail is bounded, and what does not fit is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.tail import inbox as inbox_module
from logql.tail.inbox import Inbox
from storage.batch import Batch
from storage.head import batch_bytes
from storage.labels import Labels
from tests.storage.entries import Entry, batch_of, entries_of

WANTED, OTHER = Labels({"app": "wanted"}), Labels({"app": "other"})


def _batch(*times: int, labels: Labels = WANTED) -> Batch:
    return batch_of([Entry(labels, ts, f"line {ts}") for ts in times])


def _inbox(woken: list[bool] | None = None) -> Inbox:
    told = [] if woken is None else woken
    return Inbox(lambda labels: labels == WANTED, lambda: told.append(True))


def test_a_batch_without_a_wanted_stream_is_not_kept_and_wakes_nobody() -> None:
    woken: list[bool] = []
    inbox = _inbox(woken)
    inbox.offer(_batch(1, 2, labels=OTHER))
    assert inbox.is_empty
    assert not woken


def test_it_wakes_once_until_all_is_taken() -> None:
    woken: list[bool] = []
    inbox = _inbox(woken)
    for ts in range(3):
        inbox.offer(_batch(ts))
    assert len(woken) == 1
    inbox.take()
    inbox.offer(_batch(9))
    assert len(woken) == 2


def test_what_does_not_fit_is_told_by_stream_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "_HELD_BYTES", 0)
    inbox = _inbox()
    inbox.offer(_batch(1))
    inbox.offer(batch_of([Entry(WANTED, 2, "x"), Entry(OTHER, 3, "y"), Entry(WANTED, 4, "z")]))
    batches, dropped = inbox.take()
    assert [entry.ts for batch in batches for entry in entries_of(batch)] == [1]
    assert [(each.ts, each.stream) for each in dropped] == [(2, WANTED), (4, WANTED)]
    assert inbox.dropped_rows == 2
    inbox.offer(_batch(5))
    assert len(inbox.take()[0]) == 1, "there is room again"


def test_a_thousand_dropped_entries_are_told_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "_HELD_BYTES", -1)
    inbox = _inbox()
    for start in (0, 700, 1400):
        inbox.offer(_batch(*range(start, start + 700)))
    _, dropped = inbox.take()
    assert [each.ts for each in dropped] == list(range(1000))
    assert inbox.dropped_rows == 2100


def test_the_memory_of_streams_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "_REMEMBERED_STREAMS", 3)
    inbox = _inbox()
    for number in range(10):
        inbox.offer(_batch(1, labels=Labels({"n": str(number)})))
        inbox.offer(_batch(number))
    assert len(inbox._known) <= 3
    assert len(inbox.take()[0]) == 10


@given(st.lists(st.integers(1, 40), max_size=20), st.integers(0, 20_000))
def test_lots_are_bounded_and_keep_the_order(sizes: list[int], lot_bytes: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox_module, "_LOT_BYTES", lot_bytes)
        inbox, given_times, start = _inbox(), [], 0
        for size in sizes:
            inbox.offer(_batch(*range(start, start + size)))
            start += size
        while not inbox.is_empty:
            batches, _ = inbox.take()
            assert len(batches) == 1 or sum(map(batch_bytes, batches)) <= lot_bytes
            given_times += [entry.ts for batch in batches for entry in entries_of(batch)]
    assert given_times == list(range(start))
