"""A tenant over a log that fails: nothing is acknowledged that is not stored, nothing refused stays behind."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from itertools import count
from pathlib import Path

import pytest

from storage.batch import Batch
from storage.errors import StorageUnavailable
from storage.head import Head
from storage.settings import StorageSettings
from storage.stores import DiskStore
from storage.tenant import Tenant
from storage.wal import Record, WriteAheadLog
from tests.storage.entries import Entry, entries_of, entries_of_sources, numbered_batch
from tests.storage.wal.failing import FailingLogFiles


class Bench:
    """One tenant, its log, and the gate that makes the log's disk fail."""

    def __init__(self, root: Path) -> None:
        self.files = FailingLogFiles(root / "wal")
        self.gate = self.files.gate
        self.tenant = Tenant("fake", DiskStore(root / "parts"), StorageSettings(), 0.0)
        self.log = WriteAheadLog(self.files, 1 << 20, self._became_durable, self._failed)
        self.sequences = count(1)
        self.log.start()

    def _became_durable(self, record: Record) -> None:
        self.tenant.became_durable(record.sequence)

    def _failed(self, record: Record) -> None:
        self.tenant.failed(record.sequence)

    def append(self, batch: Batch) -> Future[None]:
        return self.tenant.append(batch, self.log, self.sequences)

    def hold_the_next_write(self, batch: Batch) -> Future[None]:
        """Append rows whose sync does not end before the gate opens."""
        self.gate.opened.clear()
        while self.gate.entered.acquire(blocking=False):
            pass
        future = self.append(batch)
        assert self.gate.entered.acquire(timeout=5)
        return future

    def stored(self) -> list[Entry]:
        return sorted(entries_of_sources(self.tenant.sources()), key=lambda entry: entry.ts)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.gate.opened.set()
    bench.log.close()


@pytest.mark.parametrize("more_rows", [0, 5])
def test_a_retry_of_rows_whose_write_then_fails_is_not_acknowledged(bench: Bench, more_rows: int) -> None:
    bench.gate.failing_syncs = 1
    first = bench.hold_the_next_write(numbered_batch(0, 5))
    retry = bench.append(numbered_batch(0, 5 + more_rows))
    bench.gate.opened.set()
    for future in (first, retry):
        assert isinstance(future.exception(5), StorageUnavailable)
    assert bench.stored() == []
    bench.append(numbered_batch(0, 5 + more_rows)).result(5)
    assert bench.stored() == entries_of(numbered_batch(0, 5 + more_rows))


def test_a_retry_is_answered_when_the_first_is_durable(bench: Bench) -> None:
    first = bench.hold_the_next_write(numbered_batch(0, 5))
    retry = bench.append(numbered_batch(0, 5))
    assert not retry.done()
    assert bench.stored() == [], "rows are not readable before they are durable"
    bench.gate.opened.set()
    for future in (first, retry):
        future.result(5)
    assert bench.stored() == entries_of(numbered_batch(0, 5))


def test_rows_that_the_log_refuses_are_not_taken_for_stored(bench: Bench) -> None:
    bench.log.close()
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            bench.append(numbered_batch(0, 5))
    assert bench.tenant.unflushed_bytes == 0


def test_rows_that_wait_for_a_slow_disk_count_as_memory(bench: Bench) -> None:
    future = bench.hold_the_next_write(numbered_batch(0, 5, padding=1000))
    assert bench.tenant.unflushed_bytes > 5000
    bench.gate.opened.set()
    future.result(5)
    held = bench.tenant.unflushed_bytes
    assert held > 5000
    assert bench.tenant.flush(0.0) == 1
    assert bench.tenant.unflushed_bytes == 0
    assert bench.stored() == entries_of(numbered_batch(0, 5, padding=1000))


def test_late_rows_between_stored_ones_are_kept_wherever_those_are(bench: Bench) -> None:
    for first in (0, 20, 40):
        bench.append(numbered_batch(first, 5)).result(5)
        if first < 40:
            bench.tenant.flush(0.0)
    everything = numbered_batch(0, 50)
    bench.append(everything).result(5)
    bench.append(everything).result(5)
    assert bench.stored() == entries_of(everything)


def test_a_head_is_only_touched_under_the_lock_of_its_tenant(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking a head for its rows joins them: done by two at once, rows go missing from a snapshot."""
    unguarded: list[str] = []

    def guarded(name: str) -> None:
        original = getattr(Head, name)

        def call(head: Head, *arguments: object) -> object:
            if not bench.tenant._lock.locked():
                unguarded.append(name)
            return original(head, *arguments)

        monkeypatch.setattr(Head, name, call)

    guarded("add")
    guarded("sources")
    bench.append(numbered_batch(0, 5)).result(5)
    bench.append(numbered_batch(0, 5)).result(5)
    bench.tenant.sources()
    bench.tenant.flush(0.0)
    bench.tenant.sources()
    assert unguarded == []
