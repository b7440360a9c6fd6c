"""Scribbled files as a table: what was damaged, which rows survive, how many damages are counted.

Whatever it is, the database starts, keeps a copy, and takes rows again: also those that were lost, once.
"""

from __future__ import annotations

import errno
import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from storage.database import Database
from storage.errors import CorruptData
from storage.part.index import FORMAT_VERSION
from storage.settings import StorageSettings
from storage.stores.files import OperatingSystemFiles
from storage.wal.record import FILE_HEADER
from tests.storage.databases import NEVER_FLUSHES, assert_holds, opened, stored
from tests.storage.entries import Entry, entries_of, numbered_batch

ROWS = 5  # a record
RECORDS = 3  # a log file
HEAD = len(FILE_HEADER)
ALL = frozenset(range(2 * RECORDS))
Scribble = Callable[[bytearray], None]


def batch_entries(number: int) -> set[Entry]:
    return set(entries_of(numbered_batch(number * ROWS, ROWS)))


def entries(numbers: frozenset[int] | set[int]) -> set[Entry]:
    return {entry for number in numbers for entry in batch_entries(number)}


def push(database: Database, number: int) -> None:
    database.append("fake", numbered_batch(number * ROWS, ROWS)).result(10)


def quarantined(root: Path) -> list[Path]:
    return [path for path in (root / "quarantine").rglob("*") if path.is_file()]


def takes_rows_again(database: Database, survivors: set[Entry]) -> None:
    """New rows and retries of all the old ones are stored once."""
    for number in [*ALL, 99]:
        push(database, number)
    assert_holds(database, "fake", survivors | entries(ALL | {99}))


# --- the log: two files of three records each ---------------------------------------------------------------------


def record_offset(data: bytes | bytearray, number: int) -> int:
    offset = HEAD
    for _ in range(number):
        offset += 9 + struct.unpack_from("<I", data, offset)[0]
    return offset


def flip(at: Callable[[bytearray], int]) -> Scribble:
    def scribble(data: bytearray) -> None:
        data[at(data)] ^= 0x55

    return scribble


def in_record(number: int, byte: int) -> Scribble:
    return flip(lambda data: record_offset(data, number) + byte)


def truncate(at: Callable[[bytearray], int]) -> Scribble:
    def scribble(data: bytearray) -> None:
        del data[at(data) :]

    return scribble


def zero_from(at: Callable[[bytearray], int]) -> Scribble:
    def scribble(data: bytearray) -> None:
        start = at(data)
        data[start:] = bytes(len(data) - start)

    return scribble


def append_bytes(more: bytes) -> Scribble:
    def scribble(data: bytearray) -> None:
        data += more

    return scribble


def empty(data: bytearray) -> None:
    data.clear()


@dataclass(frozen=True, slots=True)
class LogCase:
    """``lost`` are records of the file; ``counted`` in an earlier file and ``counted_last`` in the last one."""

    name: str
    scribble: Scribble
    lost: frozenset[int]
    counted: int
    counted_last: int


LOG_CASES = [
    LogCase("magic", flip(lambda _: 0), frozenset({0, 1, 2}), 1, 1),
    LogCase("version", flip(lambda _: 8), frozenset({0, 1, 2}), 1, 1),
    LogCase("first length, low byte", in_record(0, 0), frozenset({0}), 1, 1),
    LogCase("first length, high byte", in_record(0, 3), frozenset({0}), 1, 1),
    LogCase("middle length", in_record(1, 1), frozenset({1}), 1, 1),
    LogCase("last length", in_record(2, 3), frozenset({2}), 1, 1),
    LogCase("first checksum", in_record(0, 4), frozenset({0}), 1, 1),
    LogCase("middle checksum", in_record(1, 7), frozenset({1}), 1, 1),
    LogCase("last checksum", in_record(2, 5), frozenset({2}), 1, 1),
    LogCase("type", in_record(1, 8), frozenset({1}), 1, 1),
    LogCase("sequence", in_record(1, 9), frozenset({1}), 1, 1),
    LogCase("tenant length", in_record(1, 17), frozenset({1}), 1, 1),
    LogCase("tenant", in_record(1, 19), frozenset({1}), 1, 1),
    LogCase("arrow schema", in_record(1, 60), frozenset({1}), 1, 1),
    LogCase("last byte", flip(lambda data: len(data) - 1), frozenset({2}), 1, 1),
    LogCase("cut in the last head", truncate(lambda data: record_offset(data, 2) + 5), frozenset({2}), 1, 0),
    LogCase("cut in the last rows", truncate(lambda data: len(data) - 100), frozenset({2}), 1, 0),
    LogCase("cut in the middle", truncate(lambda data: record_offset(data, 1) + 60), frozenset({1, 2}), 1, 0),
    LogCase("cut between records", truncate(lambda data: record_offset(data, 2)), frozenset({2}), 0, 0),
    LogCase("cut in the header", truncate(lambda _: 5), frozenset({0, 1, 2}), 1, 0),
    LogCase("emptied", empty, frozenset({0, 1, 2}), 0, 0),
    LogCase("all zeros", zero_from(lambda _: 0), frozenset({0, 1, 2}), 1, 1),
    LogCase("zeros from a record on", zero_from(lambda data: record_offset(data, 1)), frozenset({1, 2}), 1, 0),
    LogCase("zeros behind the end", append_bytes(bytes(4096)), frozenset(), 1, 0),
    LogCase("half a head behind the end", append_bytes(b"\x10\0\0\0\x01"), frozenset(), 1, 0),
    LogCase("text behind the end", append_bytes(b"not a record " * 9), frozenset(), 1, 0),
]
LOG_SETTINGS = StorageSettings(head_age_s=1e9, wal_segment_bytes=1)


@pytest.fixture
def log_root(tmp_path: Path) -> Path:
    """Two log files, of records 0 to 2 and 3 to 5."""
    for first in (0, RECORDS):
        with opened(tmp_path) as database:
            for number in range(first, first + RECORDS):
                push(database, number)
    assert len(list((tmp_path / "wal").iterdir())) == 2
    return tmp_path


@pytest.mark.parametrize("is_last", [False, True], ids=["earlier", "last"])
@pytest.mark.parametrize("case", LOG_CASES, ids=lambda case: case.name)
def test_a_damaged_log_costs_what_was_damaged(log_root: Path, case: LogCase, is_last: bool) -> None:
    path = sorted((log_root / "wal").iterdir())[is_last]
    data = bytearray(path.read_bytes())
    case.scribble(data)
    path.write_bytes(data)
    survivors = entries(ALL - {number + RECORDS * is_last for number in case.lost})
    counted = case.counted_last if is_last else case.counted
    with opened(log_root) as database:
        assert_holds(database, "fake", survivors)
        assert database.metrics()["quarantined_objects_total"] == counted
    copies = quarantined(log_root)
    assert [copy.read_bytes() for copy in copies] == [bytes(data)] * bool(counted)
    with opened(log_root) as database:
        assert_holds(database, "fake", survivors)
        assert database.metrics()["quarantined_objects_total"] == 0, "repaired, so the next start finds nothing"
        takes_rows_again(database, survivors)
    with opened(log_root) as database:
        assert_holds(database, "fake", survivors | entries(ALL | {99}))


class _BadSector(OperatingSystemFiles):
    """A disk that does not give back some bytes of log files."""

    def __init__(self, bad: range) -> None:
        self._bad = bad

    def read(self, path: Path) -> bytes:
        if path.suffix == ".wal":
            raise OSError(errno.EIO, "the test's sector is bad", str(path))
        return super().read(path)

    def open(self, path: Path) -> pa.NativeFile:
        return pa.PythonFile(_Sectors(path.read_bytes(), self._bad), mode="r")


class _Sectors(io.BytesIO):
    def __init__(self, data: bytes, bad: range) -> None:
        super().__init__(data)
        self._bad = bad

    def read(self, size: int | None = -1, /) -> bytes:
        start = self.tell()
        data = super().read(size)
        if start < self._bad.stop and start + len(data) > self._bad.start:
            raise OSError(errno.EIO, "the test's sector is bad")
        return data


@pytest.mark.parametrize("bad", [range(0), range(4097, 4098)], ids=["an error that passes", "a sector in a record"])
def test_a_log_is_read_around_bytes_that_the_disk_does_not_give_back(tmp_path: Path, bad: range) -> None:
    batches = [numbered_batch(number * ROWS, ROWS, padding=300) for number in range(6)]
    with opened(tmp_path) as database:
        for batch in batches:
            database.append("fake", batch).result(10)
    database = Database(tmp_path, NEVER_FLUSHES, files=_BadSector(bad))
    database.start()
    found = stored(database, "fake")
    assert len(found) == len(set(found))
    lost = {entry for batch in batches for entry in entries_of(batch)} - set(found)
    assert (len(lost) > 0) == (len(bad) > 0)
    assert len(lost) < 5 * ROWS
    assert database.metrics()["quarantined_objects_total"] == (1 if bad else 0)
    database.stop()


def test_a_log_of_which_nothing_can_be_read_keeps_the_server_from_taking_rows(tmp_path: Path) -> None:
    """Their records would be numbered like those in it."""
    with opened(tmp_path) as database:
        push(database, 0)
    database = Database(tmp_path, NEVER_FLUSHES, files=_BadSector(range(1 << 30)))
    with pytest.raises(OSError, match="no byte of it can be read"):
        database.start()
    database.stop()
    with opened(tmp_path) as database:
        assert_holds(database, "fake", batch_entries(0))


def test_two_damages_in_one_file_are_both_confined(log_root: Path) -> None:
    path = sorted((log_root / "wal").iterdir())[1]
    data = bytearray(path.read_bytes())
    in_record(0, 30)(data)
    truncate(lambda data: len(data) - 10)(data)
    path.write_bytes(data)
    with opened(log_root) as database:
        assert_holds(database, "fake", entries({0, 1, 2, 4}))
        assert database.metrics()["quarantined_objects_total"] == 1


def test_copies_of_damaged_files_are_not_overwritten(log_root: Path) -> None:
    for byte in (4, 5):
        path = sorted((log_root / "wal").iterdir())[0]
        data = bytearray(path.read_bytes())
        in_record(0, byte)(data)
        path.write_bytes(data)
        with opened(log_root):
            pass
    assert len({copy.read_bytes() for copy in quarantined(log_root)}) == 2


def test_files_of_others_in_the_folders_do_no_harm(log_root: Path) -> None:
    (log_root / "wal" / "README.txt").write_text("not ours")
    (log_root / "wal" / "x.wal").write_text("not ours")
    (log_root / "wal" / "000000000009.wal.tmp").write_text("an interrupted repair")
    (log_root / "parts" / "fake" / "day").mkdir(parents=True)
    (log_root / "parts" / "fake" / "day" / "half.arrow.tmp").write_text("an interrupted flush")
    (log_root / "parts" / "fake" / "notes.txt").write_text("not ours")
    (log_root / "parts" / "lost+found").mkdir()
    with opened(log_root) as database:
        assert_holds(database, "fake", entries(ALL))
        assert database.metrics()["quarantined_objects_total"] == 0
    assert not list(log_root.rglob("*.tmp"))
    assert (log_root / "parts" / "fake" / "notes.txt").exists()


# --- parts: two of them, and the log already gone -------------------------------------------------------------------


def of_first_part(root: Path, suffix: str) -> Path:
    return min(root.rglob("*" + suffix))


def edit(suffix: str, scribble: Scribble) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        path = of_first_part(root, suffix)
        data = bytearray(path.read_bytes())
        scribble(data)
        path.write_bytes(data)

    return damage


def remove(suffix: str) -> Callable[[Path], None]:
    return lambda root: of_first_part(root, suffix).unlink()


def both(*damages: Callable[[Path], None]) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        for each in damages:
            each(root)

    return damage


def newer_version(data: bytearray) -> None:
    struct.pack_into("<I", data, 8, FORMAT_VERSION + 1)


def half(data: bytearray) -> int:
    return len(data) // 2


@dataclass(frozen=True, slots=True)
class PartCase:
    """``survivors`` are numbers of pushes; ``copies`` are suffixes of what is set aside."""

    name: str
    damage: Callable[[Path], None]
    survivors: frozenset[int]
    counted: int
    copies: tuple[str, ...] = ()


SECOND = frozenset({3, 4, 5})
PART_CASES = [
    PartCase("index: magic", edit(".index", flip(lambda _: 0)), ALL, 1, (".index",)),
    PartCase("index: version 0x54", edit(".index", flip(lambda _: 11)), SECOND, 1),
    PartCase("index: newer version", edit(".index", newer_version), SECOND, 1),
    PartCase("index: checksum", edit(".index", flip(lambda _: 12)), ALL, 1, (".index",)),
    PartCase("index: body", edit(".index", flip(half)), ALL, 1, (".index",)),
    PartCase("index: cut", edit(".index", truncate(half)), ALL, 1, (".index",)),
    PartCase("index: emptied", edit(".index", empty), ALL, 1, (".index",)),
    PartCase("index: zeros", edit(".index", zero_from(lambda _: 0)), ALL, 1, (".index",)),
    PartCase("index: lost", remove(".index"), ALL, 0),
    PartCase("data: lost", remove(".arrow"), SECOND, 1, (".index",)),
    PartCase("both: lost", both(remove(".arrow"), remove(".index")), SECOND, 0),
    PartCase("index lost, data cut", both(remove(".index"), edit(".arrow", truncate(half))), SECOND, 1, (".arrow",)),
    PartCase("index lost, data emptied", both(remove(".index"), edit(".arrow", empty)), SECOND, 1, (".arrow",)),
    PartCase(
        "both damaged",
        both(edit(".index", flip(half)), edit(".arrow", zero_from(lambda _: 0))),
        SECOND,
        2,
        (".index", ".arrow"),
    ),
]


@pytest.fixture
def part_root(tmp_path: Path) -> Path:
    """Two parts, of pushes 0 to 2 and 3 to 5, and no log."""
    for first in (0, RECORDS):
        with opened(tmp_path) as database:
            for number in range(first, first + RECORDS):
                push(database, number)
            assert database.flush() == 1
    for path in (tmp_path / "wal").iterdir():
        path.unlink()
    return tmp_path


@pytest.mark.parametrize("case", PART_CASES, ids=lambda case: case.name)
def test_a_damaged_part_costs_no_more_than_itself(
    part_root: Path, case: PartCase, caplog: pytest.LogCaptureFixture
) -> None:
    case.damage(part_root)
    with opened(part_root) as database:
        assert_holds(database, "fake", entries(case.survivors))
        assert database.metrics()["quarantined_objects_total"] == case.counted
    assert sorted(path.suffix for path in quarantined(part_root)) == sorted(case.copies)
    for path in quarantined(part_root):
        assert str(path) in caplog.text, "the copy is named"
    with opened(part_root) as database:
        takes_rows_again(database, entries(case.survivors))
        database.flush()
        assert_holds(database, "fake", entries(ALL | {99}))
    with opened(part_root) as database:
        assert_holds(database, "fake", entries(ALL | {99}))


def test_rows_taken_while_the_newest_part_cannot_be_read_are_there_when_it_can(part_root: Path) -> None:
    """Its sequence is unknown meanwhile: records that repeat it would pass for flushed ones."""
    newest = max(part_root.rglob("*.index"))
    content = newest.read_bytes()
    data = bytearray(content)
    newer_version(data)
    newest.write_bytes(data)
    with opened(part_root) as database:
        push(database, 99)
    newest.write_bytes(content)
    with opened(part_root) as database:
        assert_holds(database, "fake", entries(ALL | {99}))


DATA_CASES = [flip(lambda _: 0), flip(half), flip(lambda data: len(data) - 1), truncate(half), empty]


@pytest.mark.parametrize("scribble", DATA_CASES)
def test_damaged_data_is_an_error_at_reading_and_late_rows_are_still_taken(part_root: Path, scribble: Scribble) -> None:
    edit(".arrow", scribble)(part_root)
    with opened(part_root) as database:
        with pytest.raises(CorruptData, match=r"\.arrow"):
            stored(database, "fake")
        push(database, 0)
        readable = [source for source in database.sources("fake") if not source.is_stored]
        assert [len(source) for source in readable] == [ROWS]


def test_a_log_whose_rows_are_in_a_damaged_chunk_is_replayed_without_a_crash(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        push(database, 0)
        wal = next((tmp_path / "wal").iterdir())
        data = wal.read_bytes()
        database.flush()
    wal.write_bytes(data)
    edit(".arrow", flip(half))(tmp_path)
    with opened(tmp_path) as database:
        push(database, 0)


def test_a_log_that_outlived_its_flush_doubles_nothing(tmp_path: Path) -> None:
    """The crash between writing the index and deleting the log, with and without that index."""
    with opened(tmp_path) as database:
        push(database, 0)
        wal = next((tmp_path / "wal").iterdir())
        data = wal.read_bytes()
        database.flush()
    for damage in (lambda _: None, remove(".index")):
        wal.write_bytes(data)
        damage(tmp_path)
        with opened(tmp_path, NEVER_FLUSHES) as database:
            assert_holds(database, "fake", entries({0}))
