"""Many writers, a flusher and a reader at once: each snapshot holds each acknowledged row exactly once."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.settings import StorageSettings
from tests.storage.databases import assert_holds, opened
from tests.storage.entries import Entry, batch_of, entries_of, entries_of_sources, numbered_batch

WRITERS = 6
ROUNDS = 25
ROWS = 8
SMALL = StorageSettings(head_age_s=1e9, wal_segment_bytes=20_000, chunk_bytes=500)


@pytest.fixture(autouse=True)
def hasty_threads() -> Iterator[None]:
    """Threads take turns a thousand times more often than usual, so that races happen in seconds."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual_s)


class Load:
    """Overlapping pushes: each writer sends the second half of one batch again with the next."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.acknowledged: set[Entry] = set()
        self.lock = threading.Lock()
        self.errors: list[BaseException] = []
        self.writers_are_done = threading.Event()

    def write(self, seed: int) -> None:
        for number in range(ROUNDS):
            # Two writers each share their numbers, so the same rows are pushed at the same time.
            first = (seed // 2 * ROUNDS + number) * ROWS
            batch = numbered_batch(first, 2 * ROWS)
            self.database.append("fake", batch).result(20)
            with self.lock:
                self.acknowledged.update(entries_of(batch))

    def flush(self) -> None:
        while not self.writers_are_done.wait(0.005):
            self.database.flush()

    def snapshot(self) -> None:
        while not self.writers_are_done.is_set():
            with self.lock:
                expected = set(self.acknowledged)
            found = Counter(entries_of_sources(self.database.sources("fake")))
            assert set(found.values()) <= {1}, found.most_common(2)
            assert expected <= set(found), f"{len(expected - set(found))} acknowledged rows are not there"

    def guarded(self, work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                self.errors.append(error)

        return run


def test_every_snapshot_has_every_acknowledged_row_once(tmp_path: Path) -> None:
    with opened(tmp_path, SMALL) as database:
        load = Load(database)
        writers = [threading.Thread(target=load.guarded(lambda n=n: load.write(n))) for n in range(WRITERS)]  # type: ignore[misc]
        others = [threading.Thread(target=load.guarded(work)) for work in (load.flush, load.flush, load.snapshot)]
        for thread in (*others, *writers):
            thread.start()
        for thread in writers:
            thread.join(60)
        load.writers_are_done.set()
        for thread in others:
            thread.join(60)
        assert load.errors == []
        assert_holds(database, "fake", load.acknowledged)
    with opened(tmp_path, SMALL) as database:
        assert_holds(database, "fake", load.acknowledged)


def test_no_row_is_out_of_sight_while_its_head_is_flushed(tmp_path: Path) -> None:
    acknowledged = 0
    counts: list[tuple[int, int]] = []
    is_done = threading.Event()

    def count_rows() -> None:
        while not is_done.is_set():
            at_least = acknowledged
            counts.append((at_least, sum(map(len, database.sources("fake")))))

    with opened(tmp_path, SMALL) as database:
        counter = threading.Thread(target=count_rows)
        counter.start()
        for _ in range(20):
            batches = [numbered_batch(acknowledged + row, 1) for row in range(50)]
            for future in [database.append("fake", batch) for batch in batches]:
                future.result(10)
            acknowledged += len(batches)
            database.flush()
        is_done.set()
        counter.join(10)
    assert [(least, found) for least, found in counts if found < least] == []
    assert len(counts) > 20


def test_concurrent_appends_share_syncs_and_keep_tenants_apart(tmp_path: Path) -> None:
    tenants = [f"tenant{number}" for number in range(8)]
    with opened(tmp_path) as database:
        futures = [database.append(tenant, numbered_batch(number, 1)) for number in range(50) for tenant in tenants]
        for future in futures:
            future.result(20)
        metrics = database.metrics()
        assert metrics["wal_records_total"] == len(futures)
        assert metrics["wal_syncs_total"] < len(futures) / 2
        assert metrics["tenants"] == len(tenants)
        for tenant in tenants:
            assert_holds(database, tenant, {entry for n in range(50) for entry in entries_of(numbered_batch(n, 1))})
        assert database.sources("unknown") == ()


def test_rows_are_readable_as_soon_as_they_are_acknowledged(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        for number in range(100):
            database.append("fake", numbered_batch(number, 1)).result(10)
            assert sum(map(len, database.sources("fake"))) == number + 1


def test_stopping_in_the_middle_of_a_load_loses_nothing_acknowledged(tmp_path: Path) -> None:
    settings = StorageSettings(head_age_s=0.0, chunk_bytes=500)
    with opened(tmp_path, settings) as database:
        futures = [database.append("fake", numbered_batch(number * 3, 3)) for number in range(200)]
    for future in futures:
        future.result(0)
    rows = {entry for number in range(200) for entry in entries_of(numbered_batch(number * 3, 3))}
    with opened(tmp_path, settings) as database:
        assert_holds(database, "fake", rows)


def test_an_empty_batch_is_acknowledged(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        database.append("fake", batch_of([])).result(10)
        assert database.sources("fake") == ()
        assert database.flush() == 0
