"""A disk without space: rows are refused before anything is promised, and all is well when there is space again."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import StorageUnavailable
from storage.settings import StorageSettings
from tests.storage.databases import NEVER_FLUSHES, assert_holds, opened
from tests.storage.entries import Entry, batch_of, entries_of, numbered_batch

ROWS = 20
PADDING = 500


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte; needs the right to mount."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mounted)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a file system is not allowed here; the limit on file sizes is tested all the same")
    yield mounted
    subprocess.run(["umount", "-l", str(mounted)], check=True)


def fill(path: Path) -> None:
    """Take all the space that is left."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


@contextmanager
def file_size_limit(size_bytes: int) -> Iterator[None]:
    """Writes beyond this size fail, for the whole process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def push(database: Database, number: int) -> set[Entry]:
    batch = numbered_batch(number * ROWS, ROWS, padding=PADDING)
    database.append("fake", batch).result(10)
    return set(entries_of(batch))


def push_until_refused(database: Database, first: int = 0) -> tuple[set[Entry], int]:
    """The rows that were acknowledged, and the number of the push that was not."""
    acknowledged: set[Entry] = set()
    for number in range(first, 10_000):
        try:
            acknowledged |= push(database, number)
        except StorageUnavailable:
            return acknowledged, number
    raise AssertionError("the disk took everything")


def test_a_full_disk_refuses_rows_and_keeps_answering(small_disk: Path) -> None:
    root = small_disk / "data"
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    with opened(root) as database:
        acknowledged, refused = push_until_refused(database)
        assert acknowledged
        for _ in range(5):
            with pytest.raises(StorageUnavailable, match="nothing was stored"):
                push(database, refused)
        assert_holds(database, "fake", acknowledged)
        fill(small_disk / "filler")
        with pytest.raises(StorageUnavailable, match="cannot write a part"):
            database.flush()
        assert_holds(database, "fake", acknowledged)
        (small_disk / "filler").unlink()
        ballast.unlink()
        acknowledged |= push(database, refused)
        acknowledged |= push(database, refused)
        database.flush()
        assert_holds(database, "fake", acknowledged)
    with opened(root) as database:
        assert_holds(database, "fake", acknowledged)


def test_a_server_starts_on_a_full_disk_and_answers(small_disk: Path) -> None:
    root = small_disk / "data"
    with opened(root) as database:
        acknowledged = push(database, 0)
        database.flush()
        acknowledged |= push(database, 1)
    next(root.rglob("*.index")).unlink()
    fill(small_disk / "filler")
    for _ in range(2):
        with opened(root) as database:
            assert_holds(database, "fake", acknowledged)
            with pytest.raises(StorageUnavailable):
                push(database, 2)
    (small_disk / "filler").unlink()
    with opened(root) as database:
        acknowledged |= push(database, 2)
        assert_holds(database, "fake", acknowledged)
    with opened(root) as database:
        assert_holds(database, "fake", acknowledged)


@pytest.mark.parametrize("limit_bytes", [1, 100, 20_000, 100_000])
def test_a_limit_on_file_sizes_refuses_rows_before_they_are_acknowledged(tmp_path: Path, limit_bytes: int) -> None:
    with opened(tmp_path / "data") as database:
        with file_size_limit(limit_bytes):
            acknowledged, refused = push_until_refused(database)
            assert_holds(database, "fake", acknowledged)
        acknowledged |= push(database, refused)
        assert_holds(database, "fake", acknowledged)
    with opened(tmp_path / "data") as database:
        assert_holds(database, "fake", acknowledged)


def test_a_flush_that_fails_keeps_the_rows_and_leaves_no_half_files(tmp_path: Path) -> None:
    root = tmp_path / "data"
    with opened(root) as database:
        rows = push(database, 0)
        with file_size_limit(100), pytest.raises(StorageUnavailable, match="stay in the log"):
            database.flush()
        rows |= push(database, 1)
        assert_holds(database, "fake", rows)
        database.flush()
        assert_holds(database, "fake", rows)
    assert {path.suffix for path in (root / "parts").rglob("*") if path.is_file()} == {".arrow", ".index"}
    with opened(root) as database:
        assert_holds(database, "fake", rows)


def test_a_flush_that_fails_between_data_and_index_is_finished_by_the_next_or_by_a_start(tmp_path: Path) -> None:
    root = tmp_path / "data"
    with opened(root) as database:
        rows = push(database, 0)
        database.flush()
        index = next((root / "parts").rglob("*.index"))
        blocker = index.with_name(index.name + ".tmp")
        index.rename(blocker)
        assert_holds(database, "fake", rows)
    with opened(root) as database:
        assert_holds(database, "fake", rows)
        assert index.exists()


def test_too_much_in_memory_refuses_rows_until_it_is_flushed(tmp_path: Path) -> None:
    with opened(tmp_path, StorageSettings(head_age_s=1e9, max_unflushed_bytes=50_000)) as database:
        acknowledged, refused = push_until_refused(database)
        assert_holds(database, "fake", acknowledged)
        database.flush()
        acknowledged |= push(database, refused)
        assert_holds(database, "fake", acknowledged)


@pytest.mark.parametrize("tenant", ["", "x" * 300])
def test_an_impossible_tenant_is_refused_before_anything_is_logged(tmp_path: Path, tenant: str) -> None:
    with opened(tmp_path, NEVER_FLUSHES) as database:
        with pytest.raises(ValueError, match="tenant"):
            database.append(tenant, batch_of([]))
        assert database.metrics()["tenants"] == 0
