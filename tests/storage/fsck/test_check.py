"""The check finds every damage, names it, mends what can be mended, and finds nothing where nothing is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.deletes import DeleteRequest
from storage.fsck import Report, check_folder
from storage.part import open_stores
from storage.settings import StorageSettings
from tests.storage.databases import assert_holds, opened
from tests.storage.entries import entries_of, numbered_batch

BATCHES = [numbered_batch(0, 40, padding=40), numbered_batch(40, 40, padding=40), numbered_batch(80, 20)]
ROWS = {entry for batch in BATCHES for entry in entries_of(batch)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two parts, a log with one record that is in no part, a delete request."""
    root = tmp_path / "data"
    with opened(root, StorageSettings(chunk_bytes=1000, head_age_s=1e9)) as database:
        for batch in BATCHES[:2]:
            database.append("fake", batch).result(10)
            database.flush()
        database.append("fake", BATCHES[2]).result(10)
        database.deletes.put(DeleteRequest("00000001", "other", '{a="b"}', 0, 1, 1))
    return root


def check(root: Path, rebuild: bool = False) -> Report:
    return check_folder(root, open_stores(root, StorageSettings()), rebuild)


def path_of(root: Path, pattern: str) -> Path:
    return sorted(root.rglob(pattern))[-1]


def flipped(place: Callable[[int], int]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[place(len(data))] ^= 0x20
        path.write_bytes(data)

    return damage


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def test_a_sound_folder_is_sound_and_unchanged(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    report = check(folder)
    assert (report.findings, report.is_clean) == ([], True)
    assert (report.parts, report.rows, report.log_records, report.deletes) == (2, 80, 1, 1)
    assert report.part_bytes == sum(len(data) for path, data in before.items() if path.suffix == ".arrow")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("pattern", "damage", "rows"),
    [
        ("*.arrow", flipped(lambda size: size // 2), 40),
        ("*.arrow", flipped(lambda size: size - 1), 40),
        ("*.arrow", flipped(lambda size: 3), 40),
        ("*.arrow", truncated, 40),
        ("*.arrow", Path.unlink, 40),
        ("*.index", flipped(lambda size: size // 2), 40),
        ("*.index", truncated, 40),
        ("*.index", Path.unlink, 40),
        ("*.wal", flipped(lambda size: 14), 80),
        ("*.wal", flipped(lambda size: size // 2), 80),
        ("*.json", flipped(lambda size: 0), 80),
        ("*.json", flipped(lambda size: size // 2), 80),
        ("*.json", truncated, 80),
        ("*.copy", flipped(lambda size: 40), 80),
        ("*.copy", Path.unlink, 80),
    ],
)
def test_damage_is_found_and_named(folder: Path, pattern: str, damage: Callable[[Path], None], rows: int) -> None:
    path = path_of(folder, pattern)
    damage(path)
    report = check(folder)
    assert not report.is_clean
    assert report.rows == rows
    (finding,) = report.findings
    stem = path.name.partition(".")[0]
    assert stem in finding.name
    assert finding.problem
    assert finding.remedy


@pytest.mark.parametrize("damage", [flipped(lambda size: size // 2), truncated, Path.unlink])
def test_indexes_are_made_again_when_that_is_asked_for(folder: Path, damage: Callable[[Path], None]) -> None:
    path = path_of(folder, "*.index")
    written = path.read_bytes()
    damage(path)
    report = check(folder, rebuild=True)
    assert [finding.is_mended for finding in report.findings] == [True]
    assert (report.is_clean, report.rows) == (True, 80)
    assert path.read_bytes() == written
    assert check(folder).findings == []
    with opened(folder) as database:
        assert_holds(database, "fake", ROWS)


def test_an_index_whose_data_is_damaged_cannot_be_made_again(folder: Path) -> None:
    flipped(lambda size: 9)(path_of(folder, "*.arrow"))
    path_of(folder, "*.index").unlink()
    report = check(folder, rebuild=True)
    assert (report.is_clean, [finding.is_mended for finding in report.findings]) == (False, [False])


def test_a_write_that_a_crash_cut_short_is_no_damage(folder: Path) -> None:
    path = path_of(folder, "*.wal")
    path.write_bytes(path.read_bytes()[:-5])
    report = check(folder)
    assert (report.findings, report.log_records) == ([], 0)
