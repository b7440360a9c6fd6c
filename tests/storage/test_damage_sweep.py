"""A byte flipped, and the file cut, at every k-th offset of every kind of file (``TESTS_DAMAGE_STRIDE`` is k).

The database starts, what is lost is counted, and a row is answered as it was sent or not at all: rows of what was not
damaged are all there, once.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import CorruptData
from storage.settings import StorageSettings
from tests.storage.databases import opened
from tests.storage.entries import Entry, entries_of, entries_of_source, numbered_batch

STRIDE = int(os.environ.get("TESTS_DAMAGE_STRIDE", "61"))  # a prime, so that no field is always skipped
ROWS = 5
SETTINGS = StorageSettings(head_age_s=1e9, chunk_bytes=60)


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def rows(*pushes: int) -> set[Entry]:
    return {entry for number in pushes for entry in entries_of(numbered_batch(number * ROWS, ROWS))}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two parts with pushes 0 to 3, and two log files with 4 and 5, and 6 and 7."""
    root = tmp_path_factory.mktemp("sound")
    for pushes, is_flushed in (((0, 1), True), ((2, 3), True), ((4, 5), False), ((6, 7), False)):
        with opened(root, SETTINGS) as database:
            for number in pushes:
                database.append("fake", numbered_batch(number * ROWS, ROWS)).result(10)
            if is_flushed:
                database.flush()
    return root


@dataclass(frozen=True, slots=True)
class Kind:
    """``which`` file of its suffix is damaged, and the pushes whose rows may be lost by it."""

    suffix: str
    which: int
    at_risk: tuple[int, ...]

    def path(self, root: Path) -> Path:
        return sorted(root.rglob("*" + self.suffix))[self.which]


KINDS = [Kind(".wal", 0, (4, 5)), Kind(".wal", 1, (6, 7)), Kind(".arrow", 0, (0, 1)), Kind(".index", 0, (0, 1))]


def flipped(data: bytes, offset: int) -> bytes:
    return data[:offset] + bytes([data[offset] ^ (1 << offset % 8)]) + data[offset + 1 :]


def cut(data: bytes, offset: int) -> bytes:
    return data[:offset]


def readable(database: Database) -> tuple[list[Entry], int]:
    """All rows that are answered, and how many sources told that they are damaged."""
    found: list[Entry] = []
    damaged = 0
    for source in database.sources("fake"):
        try:
            found += entries_of_source(source)
        except CorruptData:
            damaged += 1
    return found, damaged


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flipped, cut], ids=["flipped", "cut"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.suffix}-{kind.which}")
def test_damage_at_any_offset_costs_no_other_row_and_no_answer_is_wrong(
    sound: Path, tmp_path: Path, kind: Kind, damage: Callable[[bytes, int], bytes]
) -> None:
    content = kind.path(sound).read_bytes()
    for offset in range(0, len(content), STRIDE):
        root = tmp_path / str(offset)
        shutil.copytree(sound, root)
        kind.path(root).write_bytes(damage(content, offset))
        with opened(root, SETTINGS) as database:
            found, damaged = readable(database)
            counted = database.metrics()["quarantined_objects_total"]
        judge(kind, offset, Counter(found), damaged + counted, damage is cut)
        with opened(root, SETTINGS) as database:
            assert Counter(readable(database)[0]) == Counter(found), f"the next start answers otherwise: {offset}"
        shutil.rmtree(root)


def judge(kind: Kind, offset: int, found: Counter[Entry], told: float, is_cut: bool) -> None:
    where = f"{kind.suffix} damaged at byte {offset}"
    everything = rows(*range(8))
    assert set(found.values()) <= {1}, f"{where}: rows twice"
    assert set(found) <= everything, f"{where}: rows that nobody sent: {set(found) - everything}"
    lost = everything - set(found)
    assert lost <= rows(*kind.at_risk), f"{where}: rows lost that were elsewhere"
    is_newer_version = offset in range(8, 12)  # is left where it is, for a newer program
    if kind.suffix == ".index" and not is_newer_version:
        assert not lost, f"{where}: the data has all rows"
    may_be_unfinished = kind.suffix == ".wal" and is_cut  # a write that never ended, or a file that ends earlier
    assert told or not lost or may_be_unfinished, f"{where}: rows lost and nobody told"
