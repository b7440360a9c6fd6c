"""Merges of a database: old files go when nobody reads them, failures change nothing, and starts find what is true."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from storage.database import Database
from storage.errors import StorageUnavailable
from storage.merge import MergeHooks
from storage.merge.pace import MergeStopped
from storage.settings import StorageSettings
from tests.storage.databases import assert_holds, opened, stored
from tests.storage.entries import Entry, batch_of, entries_of, entries_of_sources, numbered_batch

DAY_NS = 86_400 * 10**9
SMALL = StorageSettings(head_age_s=1e9, chunk_bytes=100, merges=False)


def push(database: Database, first: int, rows: int = 5) -> set[Entry]:
    batch = numbered_batch(first, rows)
    database.append("fake", batch).result(10)
    database.flush()
    return set(entries_of(batch))


@contextmanager
def pushed(root: Path, parts: int = 3) -> Iterator[tuple[Database, set[Entry]]]:
    with opened(root, SMALL) as database:
        yield database, {entry for number in range(parts) for entry in push(database, 10 * number)}


def files(root: Path, suffix: str) -> list[Path]:
    return sorted((root / "parts").rglob(f"*.{suffix}"))


def test_many_parts_become_one_and_the_old_files_go(tmp_path: Path) -> None:
    with pushed(tmp_path) as (database, entries):
        before = stored(database, "fake")
        assert database.merge_now() == 1
        assert stored(database, "fake") == before
        assert len(files(tmp_path, "arrow")) == len(files(tmp_path, "index")) == 1
        metrics = database.metrics()
        assert (metrics["merges_total"], metrics["parts"], metrics["parts_merged"]) == (1, 1, 1)
        assert metrics["streams"] == 1
        assert database.merge_now() == 0
    with opened(tmp_path, SMALL) as database:
        assert_holds(database, "fake", entries)
        assert database.metrics()["quarantined_objects_total"] == 0


def test_rows_that_are_sent_again_after_a_merge_are_stored_once(tmp_path: Path) -> None:
    with pushed(tmp_path) as (database, entries):
        database.merge_now()
        push(database, 0, 25)
        assert_holds(database, "fake", entries | set(entries_of(numbered_batch(0, 25))))
        assert database.merge_now() == 1
        assert [entry.ts for entry in stored(database, "fake")] == list(range(25))


def test_who_reads_an_old_snapshot_finishes_and_then_its_files_go(tmp_path: Path) -> None:
    with pushed(tmp_path) as (database, entries):
        with database.reading("fake") as sources:
            database.merge_now()
            assert len(files(tmp_path, "arrow")) == 4
            assert set(entries_of_sources(sources)) == entries
            with database.reading("fake") as later:
                assert len(later) < len(sources)
        push(database, 100)
        database.merge_now()
        assert len(files(tmp_path, "arrow")) == 1


def test_files_that_a_reader_kept_until_the_end_go_at_the_next_start(tmp_path: Path) -> None:
    with pushed(tmp_path) as (database, entries), database.reading("fake"):
        database.merge_now()
        assert len(files(tmp_path, "index")) == 4
    with opened(tmp_path, SMALL) as database:
        assert_holds(database, "fake", entries)
        push(database, 100)
        database.merge_now()
        assert len(files(tmp_path, "arrow")) == len(files(tmp_path, "index")) == 1


def test_what_is_replaced_is_named_only_while_it_may_be_there(tmp_path: Path) -> None:
    with pushed(tmp_path, 2) as (database, _):
        tenant = database.tenant("fake")
        with database.reading("fake"):
            database.merge_now()
            push(database, 100)
            database.merge_now()
            assert len(tenant.parts[0].index.replaces) == 4, "the first two are still on the disk"
        push(database, 200)
        database.merge_now()
        push(database, 300)
        database.merge_now()
        assert len(tenant.parts[0].index.replaces) == 2


def test_rows_of_one_time_keep_their_order_over_days_merges_and_starts(tmp_path: Path) -> None:
    """A flush of two days and one of the first alone: which part is older does not follow from the log alone."""
    first, second = numbered_batch(0, 1), numbered_batch(DAY_NS, 1)
    pushes = [[*entries_of(first), *entries_of(second)]]
    pushes += [[entry._replace(line=f"again {number}") for entry in pushes[0]] for number in range(4)]
    with opened(tmp_path, SMALL) as database:
        for entries in pushes:
            database.append("fake", batch_of(entries)).result(10)
            database.flush()
        assert database.metrics()["parts"] == 10
        expected = [entries[day].line for day in range(2) for entries in pushes]
        assert sorted(stored(database, "fake"), key=lambda entry: entry.ts) == [
            entries[day] for day in range(2) for entries in pushes
        ]
    for _ in range(2):
        with opened(tmp_path, SMALL) as database:
            found = sorted(stored(database, "fake"), key=lambda entry: entry.ts)
            assert [entry.line for entry in found] == expected
            database.merge_now()


def test_a_damaged_input_is_left_alone_and_the_others_are_merged(tmp_path: Path) -> None:
    with pushed(tmp_path, 6) as (database, _):
        damaged = database.tenant("fake").parts[3]
        path = tmp_path / "parts" / damaged.keys[0]
        data = bytearray(path.read_bytes())
        offset = damaged.index.chunks[0].offset + 200
        data[offset] ^= 1
        path.write_bytes(data)
        with pytest.raises(StorageUnavailable, match="cannot be merged"):
            database.merge_now()
        assert database.metrics()["merge_failures_total"] == 1
        assert len(database.tenant("fake").parts) == 6
        assert database.merge_now() == 1
        assert [part.index.rows for part in database.tenant("fake").parts] == [5, 25]


def test_a_part_without_rows_left_is_gone_and_stays_gone(tmp_path: Path) -> None:
    nothing = MergeHooks(keep=lambda source: np.zeros(len(source), np.bool_))
    with pushed(tmp_path, 2) as (database, _):
        tenant = database.tenant("fake")
        assert database.merger.merge(tenant, tenant.parts, nothing) is None
        assert stored(database, "fake") == []
        assert tenant.stream_count == 0
        assert files(tmp_path, "arrow") == []
    with opened(tmp_path, SMALL) as database:
        assert stored(database, "fake") == [], "the log has the rows, and the index that was left says that they went"
        assert database.metrics()["quarantined_objects_total"] == 0
        again = push(database, 0)
        assert_holds(database, "fake", again)
        database.merge_now()
        database.tenant("fake").delete_retired()
        assert len(files(tmp_path, "index")) == 1
    with opened(tmp_path, SMALL) as database:
        assert_holds(database, "fake", again)


def test_a_server_that_stops_gives_its_merge_up(tmp_path: Path) -> None:
    with pushed(tmp_path) as (database, entries):
        database.merger.interrupt()
        with pytest.raises(MergeStopped):
            database.merge_now()
        assert_holds(database, "fake", entries)
    with opened(tmp_path, SMALL) as database:
        assert_holds(database, "fake", entries)


def test_pushes_queries_and_merges_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    settings = StorageSettings(head_age_s=1e9, chunk_bytes=500, merges=False)
    acknowledged: set[Entry] = set()
    errors: list[BaseException] = []
    is_done = threading.Event()

    def merge() -> None:
        while not is_done.is_set():
            database.merge_now()

    def read() -> None:
        while not is_done.is_set():
            least = set(acknowledged)
            with database.reading("fake") as sources:
                found = entries_of_sources(sources)
            assert len(found) == len(set(found))
            assert least <= set(found)

    def guarded(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:
            errors.append(error)

    with opened(tmp_path, settings) as database:
        threads = [threading.Thread(target=guarded, args=(work,)) for work in (merge, read, read)]
        for thread in threads:
            thread.start()
        for number in range(40):
            # Half of each push was sent before, so rows are compared with parts that are being merged.
            acknowledged |= push(database, 10 * number, 20)
        is_done.set()
        for thread in threads:
            thread.join(30)
        assert errors == []
        assert_holds(database, "fake", acknowledged)
    with opened(tmp_path, settings) as database:
        assert_holds(database, "fake", acknowledged)
