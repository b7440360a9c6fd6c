"""A backup has every row that was acknowledged before it began, once, whatever the server does meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from storage.backup import Manifest, back_up, manifests_of, restore
from storage.database import Database
from storage.deletes import DeleteRequest
from storage.errors import CorruptData
from storage.labels import Labels
from storage.policies import Policies
from storage.sealed import seal
from storage.source import Source
from storage.stores import DiskStore
from tests.storage.databases import assert_holds, opened
from tests.storage.entries import Entry, entries_of, numbered_batch


@pytest.fixture
def target(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "backups")


def push(database: Database, first: int, rows: int) -> set[Entry]:
    batch = numbered_batch(first, rows, padding=30)
    database.append("fake", batch).result(10)
    return set(entries_of(batch))


def assert_restores(target: DiskStore, folder: Path, expected: set[Entry], backup_id: str = "") -> None:
    restore(target, folder, backup_id)
    with opened(folder) as database:
        assert_holds(database, "fake", expected)


def test_head_log_and_parts_come_back(tmp_path: Path, target: DiskStore) -> None:
    with opened(tmp_path / "data") as database:
        rows = push(database, 0, 10)
        database.flush()
        rows |= push(database, 10, 10)
        back_up(tmp_path / "data", target, 1.0)
        push(database, 20, 10)
    assert_restores(target, tmp_path / "again", rows)


def test_each_backup_is_that_of_its_time_and_copies_only_new_parts(tmp_path: Path, target: DiskStore) -> None:
    with opened(tmp_path / "data") as database:
        first_rows = push(database, 0, 10)
        database.flush()
        first = back_up(tmp_path / "data", target, 1.0)
        second_rows = first_rows | push(database, 10, 10)
        database.flush()
        changed = {path: path.stat().st_mtime_ns for path in (tmp_path / "backups" / "parts").rglob("*.arrow")}
        second = back_up(tmp_path / "data", target, 2.5)
    assert all(path.stat().st_mtime_ns == at for path, at in changed.items())
    assert [first.id, second.id] == ["19700101T000001.000Z", "19700101T000002.500Z"]
    assert_restores(target, tmp_path / "first", first_rows, first.id)
    assert_restores(target, tmp_path / "second", second_rows)


def test_nothing_is_lost_while_others_push_and_flush(tmp_path: Path, target: DiskStore) -> None:
    acknowledged: list[set[Entry]] = []
    stop = threading.Event()

    def keep_busy(database: Database) -> None:
        for number in range(10**6):
            if stop.is_set():
                return
            acknowledged.append(push(database, number * 5, 5))
            if number % 3 == 0:
                database.flush()

    with opened(tmp_path / "data") as database:
        thread = threading.Thread(target=keep_busy, args=(database,))
        thread.start()
        for number in range(5):
            before = len(acknowledged)
            manifest = back_up(tmp_path / "data", target, float(number + 1))
            restore(target, tmp_path / f"again{number}", manifest.id)
            with opened(tmp_path / f"again{number}") as again:
                found = [entry for source in again.sources("fake") for entry in entries(source)]
            assert len(found) == len(set(found))
            assert set().union(*acknowledged[:before]) <= set(found)
        stop.set()
        thread.join()


def entries(source: Source) -> list[Entry]:
    return [
        Entry(source.streams[stream], ts, line)
        for stream, ts, line in zip(source.stream(), source.ts().tolist(), source.line().to_pylist(), strict=True)
    ]


def test_a_backup_that_was_cut_short_is_none(tmp_path: Path, target: DiskStore) -> None:
    with opened(tmp_path / "data") as database:
        rows = push(database, 0, 10)
        whole = back_up(tmp_path / "data", target, 1.0)
        push(database, 10, 10)
        cut = back_up(tmp_path / "data", target, 2.0)
    target.delete(cut.key)
    assert manifests_of(target) == [whole.key]
    assert_restores(target, tmp_path / "again", rows)


def test_only_an_empty_folder_is_restored_into(tmp_path: Path, target: DiskStore) -> None:
    with opened(tmp_path / "data") as database:
        push(database, 0, 10)
        back_up(tmp_path / "data", target, 1.0)
        with pytest.raises(OSError, match="another process"):
            restore(target, tmp_path / "data")
    with pytest.raises(OSError, match="not empty"):
        restore(target, tmp_path / "data")


@pytest.mark.parametrize("kind", ["wal", "parts"])
def test_damage_in_a_backup_is_named_and_never_restored_as_good(tmp_path: Path, target: DiskStore, kind: str) -> None:
    with opened(tmp_path / "data") as database:
        push(database, 0, 10)
        database.flush()
        push(database, 10, 10)
        manifest = back_up(tmp_path / "data", target, 1.0)
    key = next(each.key for each in manifest.objects if each.name.startswith(kind))
    data = bytearray(target.get(key))
    data[len(data) // 2] ^= 1
    target.put(key, bytes(data))
    with pytest.raises(CorruptData, match=key):
        restore(target, tmp_path / "again")
    with pytest.raises(OSError, match="was not finished: remove it and restore again"), opened(tmp_path / "again"):
        pass


@pytest.mark.parametrize("data", [b"", b"{}", seal(b"{}"), seal(b'{"version": 1, "id": "x", "objects": [[1]]}')])
def test_a_damaged_manifest_is_named_and_the_next_backup_does_not_mind(
    tmp_path: Path, target: DiskStore, data: bytes
) -> None:
    with opened(tmp_path / "data") as database:
        rows = push(database, 0, 10)
        broken = back_up(tmp_path / "data", target, 1.0)
        target.put(broken.key, data)
        with pytest.raises(CorruptData, match=broken.id):
            restore(target, tmp_path / "broken")
        back_up(tmp_path / "data", target, 2.0)
    assert_restores(target, tmp_path / "again", rows)


def test_asking_for_what_is_not_there_says_what_is(tmp_path: Path, target: DiskStore) -> None:
    with pytest.raises(FileNotFoundError, match="no complete backup"):
        restore(target, tmp_path / "again")
    with opened(tmp_path / "data"):
        manifest = back_up(tmp_path / "data", target, 1.0)
    with pytest.raises(FileNotFoundError, match=f"no backup yesterday; the newest are {manifest.id}"):
        restore(target, tmp_path / "again", "yesterday")
    assert Manifest.read(target, manifest.key) == manifest


def test_streams_of_other_tenants_come_along(tmp_path: Path, target: DiskStore) -> None:
    with opened(tmp_path / "data") as database:
        database.append("te/am", numbered_batch(0, 5)).result(10)
        database.flush()
        back_up(tmp_path / "data", target, 1.0)
    restore(target, tmp_path / "again")
    with opened(tmp_path / "again") as database:
        assert {labels for source in database.sources("te/am") for labels in source.streams} == {Labels({"app": "web"})}


def test_what_happens_to_a_part_later_changes_no_older_backup(tmp_path: Path, target: DiskStore) -> None:
    root = tmp_path / "data"
    with opened(root) as database:
        rows = push(database, 0, 10)
        database.flush()
        first = back_up(root, target, 1.0)
        (part,) = database.parts("fake")
        database.merger.rewrite(database.tenant("fake"), part, lambda source: np.zeros(len(source), np.bool_))
        back_up(root, target, 2.0)
    assert_restores(target, tmp_path / "second", set())
    assert_restores(target, tmp_path / "first", rows, first.id)


def test_rows_that_were_deleted_are_hidden_whatever_is_erased_during_the_backup(
    tmp_path: Path, target: DiskStore
) -> None:
    root = tmp_path / "data"
    policies = Policies(hits=lambda _: lambda source: np.ones(len(source), np.bool_), erase_after_ns=lambda _: 0)
    with opened(root, policies=policies) as database:
        push(database, 0, 10)
        database.flush()
        request = DeleteRequest("00000001", "fake", '{app="web"}', 0, 100, 0)
        database.deletes.put(request)
        steps: list[int] = []

        def erase_once(done: int, total: int) -> None:
            # Once the part is copied.
            steps.append(done)
            if len(list((tmp_path / "backups" / "parts").rglob("*.index"))) == 1 and database.deletes.pending("fake"):
                database.keep_now()

        back_up(root, target, 1.0, erase_once)
        assert database.deletes.pending("fake") == ()
    restore(target, tmp_path / "again")
    with opened(tmp_path / "again", policies=policies) as database:
        assert [len(source) for source in database.sources("fake")] == [0]
