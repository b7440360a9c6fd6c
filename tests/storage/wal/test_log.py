"""The running log: what is answered is durable, what failed is nowhere, and one fsync serves all that wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from storage.errors import StorageUnavailable
from storage.stores import LogFiles
from storage.wal import Record, WriteAheadLog, replay
from storage.wal.record import encode
from tests.storage.entries import numbered_batch
from tests.storage.wal.failing import FailingLogFiles

SEGMENT_BYTES = 1 << 20


class Owner:
    """Remembers what the log told it."""

    def __init__(self) -> None:
        self.durable: list[int] = []
        self.failed: list[int] = []

    def make_log(self, files: LogFiles, segment_bytes: int = SEGMENT_BYTES) -> WriteAheadLog:
        log = WriteAheadLog(files, segment_bytes, self.became_durable, self.did_fail)
        log.start()
        return log

    def became_durable(self, record: Record) -> None:
        self.durable.append(record.sequence)

    def did_fail(self, record: Record) -> None:
        self.failed.append(record.sequence)


def record(sequence: int, tenant: str = "fake") -> Record:
    return Record(sequence, tenant, numbered_batch(sequence, 1))


def replayed(root: Path) -> list[int]:
    files = LogFiles(root)
    found: list[int] = []
    log = WriteAheadLog(files, SEGMENT_BYTES, lambda _: None, lambda _: None)
    assert replay(files, log, lambda each: found.append(each.sequence)) == []
    return found


@pytest.fixture
def files(tmp_path: Path) -> FailingLogFiles:
    return FailingLogFiles(tmp_path / "wal")


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def log(files: FailingLogFiles, owner: Owner) -> Iterator[WriteAheadLog]:
    log = owner.make_log(files)
    yield log
    files.gate.opened.set()
    log.close()


def test_what_is_answered_is_in_the_file_in_the_order_of_appending(
    files: FailingLogFiles, log: WriteAheadLog, owner: Owner
) -> None:
    for sequence in range(20):
        log.append(record(sequence)).result(5)
    assert owner.durable == replayed(files.root) == list(range(20))
    assert log.size == sum(path.stat().st_size for path in files.root.iterdir())


def test_appends_that_wait_together_share_one_sync(files: FailingLogFiles, log: WriteAheadLog) -> None:
    files.gate.opened.clear()
    futures = [log.append(record(0))]
    assert files.gate.entered.acquire(timeout=5)
    futures += [log.append(record(sequence)) for sequence in range(1, 50)]
    futures.append(log.barrier())
    assert not any(future.done() for future in futures)
    files.gate.opened.set()
    for future in futures:
        future.result(5)
    assert (log.records, log.syncs) == (50, 2)


@pytest.mark.parametrize("kind", ["failing_syncs", "failing_writes"])
def test_a_failed_record_leaves_no_ghost_and_its_retry_is_stored_once(
    files: FailingLogFiles, log: WriteAheadLog, owner: Owner, kind: str
) -> None:
    log.append(record(1)).result(5)
    setattr(files.gate, kind, 1)
    with pytest.raises(StorageUnavailable, match="nothing was stored"):
        log.append(record(2)).result(5)
    log.append(record(3)).result(5)
    assert (owner.durable, owner.failed) == ([1, 3], [2])
    assert replayed(files.root) == [1, 3]


def test_what_waits_behind_a_failed_write_fails_too_because_it_may_lean_on_it(
    files: FailingLogFiles, log: WriteAheadLog, owner: Owner
) -> None:
    files.gate.opened.clear()
    files.gate.failing_syncs = 1
    futures = [log.append(record(1))]
    assert files.gate.entered.acquire(timeout=5)
    futures += [log.append(record(2)), log.barrier()]
    files.gate.opened.set()
    for future in futures:
        with pytest.raises(StorageUnavailable):
            future.result(5)
    assert owner.failed == [1, 2]
    log.append(record(3)).result(5)
    assert replayed(files.root) == [3]


def test_appends_are_refused_while_owners_learn_of_a_failure(files: FailingLogFiles) -> None:
    refused: list[StorageUnavailable] = []

    def failed(_: Record) -> None:
        with pytest.raises(StorageUnavailable) as caught:
            running.barrier()
        refused.append(caught.value)

    running = WriteAheadLog(files, SEGMENT_BYTES, lambda _: None, failed)
    running.start()
    files.gate.failing_syncs = 1
    assert isinstance(running.append(record(1)).exception(5), StorageUnavailable)
    assert len(refused) == 1
    running.barrier().result(5)
    running.close()


def test_a_full_disk_collects_no_files(files: FailingLogFiles, log: WriteAheadLog) -> None:
    log.append(record(0)).result(5)
    for sequence in range(1, 30):
        files.gate.failing_writes = 1
        assert isinstance(log.append(record(sequence)).exception(5), StorageUnavailable)
    assert len(files.numbers()) <= 2
    log.append(record(30)).result(5)
    assert replayed(files.root) == [0, 30]


def test_a_client_that_hangs_up_does_not_disturb_the_writer(files: FailingLogFiles, log: WriteAheadLog) -> None:
    files.gate.opened.clear()
    future = log.append(record(1))
    assert not future.cancel()
    files.gate.opened.set()
    future.result(5)
    log.append(record(2)).result(5)


def test_a_new_file_begins_when_one_is_full_and_no_record_spans_two(files: FailingLogFiles, owner: Owner) -> None:
    log = owner.make_log(files, segment_bytes=500)
    for sequence in range(10):
        log.append(record(sequence)).result(5)
    log.close()
    assert len(files.numbers()) > 2
    assert replayed(files.root) == list(range(10))


def test_only_files_whose_records_are_all_flushed_are_discarded(files: FailingLogFiles, owner: Owner) -> None:
    log = owner.make_log(files, segment_bytes=1)
    for sequence, tenant in enumerate(["a", "b", "a", "b", "a"]):
        log.append(record(sequence, tenant)).result(5)
    log.discard({"a": 2})
    assert replayed(files.root) == [1, 3, 4]
    log.discard({"a": 2, "b": 3})
    assert replayed(files.root) == [4], "the file that is being written stays while it has rows of no part"
    log.discard({"a": 4, "b": 3})
    assert replayed(files.root) == []
    log.append(record(5, "a")).result(5)
    assert replayed(files.root) == [5]
    log.close()
    log.discard({"fake": 5, "a": 5, "b": 5})
    assert replayed(files.root) == []
    assert log.size == 0


def test_two_may_discard_at_once(files: FailingLogFiles, owner: Owner) -> None:
    log = owner.make_log(files, segment_bytes=1)
    for sequence in range(100):
        log.append(record(sequence)).result(5)
    errors: list[BaseException] = []

    def discard() -> None:
        try:
            log.discard({"fake": 98})
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=discard) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert errors == []
    assert replayed(files.root) == [99]


def test_rows_that_arrive_while_the_log_is_discarded_stay(files: FailingLogFiles, log: WriteAheadLog) -> None:
    enough = threading.Event()

    def discard() -> None:
        while not enough.is_set():
            log.discard({"flushed": 10**6})

    thread = threading.Thread(target=discard)
    thread.start()
    for sequence in range(100):
        log.append(record(sequence, "flushed" if sequence % 2 else "kept")).result(5)
    enough.set()
    thread.join()
    assert set(range(0, 100, 2)) <= set(replayed(files.root))


def test_closing_writes_what_waits_and_refuses_the_rest(files: FailingLogFiles, owner: Owner) -> None:
    log = owner.make_log(files)
    files.gate.opened.clear()
    futures: list[Future[None]] = [log.append(record(sequence)) for sequence in range(5)]
    closing = threading.Thread(target=log.close)
    closing.start()
    files.gate.opened.set()
    closing.join(5)
    assert [future.result(0) for future in futures] == [None] * 5
    with pytest.raises(StorageUnavailable, match="shutting down"):
        log.append(record(9))
    assert replayed(files.root) == [0, 1, 2, 3, 4]


def test_a_started_file_that_lost_its_header_write_is_begun_anew(files: FailingLogFiles, owner: Owner) -> None:
    files.path(1).write_bytes(b"SKALD")
    files.create(1, b"".join(encode(record(0)))).close()
    assert files.path(1).read_bytes() == b"".join(encode(record(0)))
