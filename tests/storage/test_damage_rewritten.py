"""A byte flipped, and the file cut, at every k-th offset of what merges, backups and deletes write.

Of a merged part each of its rows, counts, patterns, filters and dense columns is what it was, or said to be damaged. A
damaged backup is not restored. A delete request is there as long as one of its two objects is sound.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from logql.dense.readers import line_readers
from logql.patterns import PatternMiner
from storage.backup import back_up, restore
from storage.deletes import DeleteJournal, DeleteRequest
from storage.errors import StorageError
from storage.filters import GramKeys
from storage.labels import Labels
from storage.part import Part, load_catalogue
from storage.part.sections import builders_with
from storage.patterns import PatternCells
from storage.policies import Policies
from storage.source import Source
from storage.stores import DiskStore
from tests.storage.databases import opened
from tests.storage.entries import Entry, batch_of, entries_of_source
from tests.storage.test_damage_sweep import SETTINGS, STRIDE, cut, flipped

Damage = Callable[[bytes, int], bytes]
DAMAGES = pytest.mark.parametrize("damage", [flipped, cut], ids=["flipped", "cut"])
MERGING = replace(SETTINGS, chunk_bytes=700, dense_share=10.0)
POLICIES = Policies(line_readers=line_readers(), line_miner=PatternMiner)
BUILDERS = builders_with(PatternMiner)
REQUEST = DeleteRequest("0000abcd", "fake", '{app="web"} |= "x"', 1, 2, 3)
PUSHES, ROWS = 4, 12


def rows_of(push: int) -> list[Entry]:
    return [
        Entry(
            Labels({"app": "web" if row % 3 else "db"}),
            push * 10**9 + row,
            f'{{"status":{200 + row % 3},"path":"/{row % 2}"}}' if row % 4 else f"plain {push} {row}",
            frozenset({("detected_level", "info" if row % 2 else "warn")}),
        )
        for row in range(ROWS)
    ]


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One merged part, rows in the log, a delete request."""
    root = tmp_path_factory.mktemp("data") / "data"
    with opened(root, MERGING, POLICIES) as database:
        for push in range(PUSHES):
            database.append("fake", batch_of(rows_of(push))).result(10)
            database.flush()
        database.merge_now()
        database.append("fake", batch_of(rows_of(PUSHES))).result(10)
        database.deletes.put(REQUEST)
    return root


def what_is_told(part: Part) -> dict[str, Any]:
    """All that a reader can learn of a part; what is damaged is left out."""
    told: dict[str, Any] = {}
    asked: dict[str, Callable[[], Any]] = {"filters": lambda: filtered(part)}
    for chunk in part.chunks:
        asked |= {f"{chunk.number} {ask.__name__}": partial(ask, chunk) for ask in ASKED}
    for name, ask in asked.items():
        try:
            answer = ask()
        except StorageError:
            continue
        if answer is not None:
            told[name] = answer
    return told


def filtered(part: Part) -> list[list[bool]] | None:
    words = (b"plain", b"status", b"/1", b"warn", b"absent")
    filters = part.filters
    return None if filters is None else [filters.may_hold(GramKeys.of(word)).tolist() for word in words]


def rows(chunk: Source) -> list[Entry]:
    return entries_of_source(chunk)


def counts(chunk: Source) -> Any:
    found = chunk.counts()
    return found and (entries_of_source(found.cells), found.entries.tolist(), found.line_bytes.tolist(), found.mixed)


def patterns(chunk: Source) -> Any:
    found = chunk.patterns()
    return found and (found.patterns, found.levels, found.bucket_ns, found.cells.stream.tolist(), keys_of(found.cells))


def keys_of(cells: PatternCells) -> list[list[int]]:
    return [column.tolist() for column in (cells.pattern, cells.level, cells.bucket, cells.entries)]


def dense(chunk: Source) -> Any:
    found = chunk.dense("json")
    return found and (found.state().tolist(), {label: texts(found.column(label)) for label in ("status", "path")})


def texts(column: Any) -> list[str | None] | None:
    return column and [column.text(row) for row in range(len(column.codes))]


ASKED = (rows, counts, patterns, dense)


def test_the_part_is_one_with_all_there_may_be(data: Path) -> None:
    (part,) = load_catalogue(DiskStore(data / "parts")).parts
    told = what_is_told(part)
    assert len(part.chunks) > 1
    rows_of_all = {f"{chunk.number} rows" for chunk in part.chunks}
    assert set(told) >= {"filters", "0 counts", "0 patterns", "0 dense", "1 dense", *rows_of_all}
    assert "line.bytes" in part._stored_columns
    _, columns = told["0 dense"]
    assert set(columns["status"]) == {"200", "201", "202", None}


@pytest.mark.slow
@DAMAGES
@pytest.mark.parametrize("suffix", [".arrow", ".index"])
def test_a_merged_part_tells_what_it_was_or_that_it_is_damaged(
    data: Path, tmp_path: Path, suffix: str, damage: Damage
) -> None:
    (sound,) = load_catalogue(DiskStore(data / "parts")).parts
    everything = what_is_told(sound)
    content = (data / "parts" / (sound.index.key + suffix)).read_bytes()
    for offset in range(0, len(content), STRIDE):
        root = tmp_path / str(offset)
        shutil.copytree(data / "parts", root / "parts")
        store = DiskStore(root / "parts")
        store.put(sound.index.key + suffix, damage(content, offset))
        catalogue = load_catalogue(store, BUILDERS)
        told = what_is_told(catalogue.parts[0]) if catalogue.parts else {}
        assert told.items() <= everything.items(), f"{suffix} {damage.__name__} at {offset} and believed"
        assert catalogue.damaged_objects or len(told) < len(everything) or suffix == ".arrow", f"not noticed: {offset}"
        is_newer_version = offset in range(8, 12)
        if suffix == ".index" and not is_newer_version:
            lost = [name for name in everything if name.endswith("rows") and name not in told]
            assert not lost, f"the data has all rows: {offset}"
        shutil.rmtree(root)


@pytest.mark.slow
@DAMAGES
def test_no_damaged_backup_is_restored(data: Path, tmp_path: Path, damage: Damage) -> None:
    target = DiskStore(tmp_path / "backups")
    manifest = back_up(data, target, 1.0)
    for key in target.list():
        content = target.get(key)
        for offset in range(0, len(content), STRIDE * (1 if key == manifest.key else 5)):
            target.put(key, damage(content, offset))
            root = tmp_path / "restored" / str(offset)
            with pytest.raises((StorageError, OSError)):
                restore(target, root)
            shutil.rmtree(root, ignore_errors=True)
        target.put(key, content)
    assert restore(target, tmp_path / "sound") == manifest


@DAMAGES
@pytest.mark.parametrize("suffix", [".json", ".copy"])
def test_a_delete_request_outlives_damage_to_one_of_its_objects(
    data: Path, tmp_path: Path, suffix: str, damage: Damage
) -> None:
    for offset in range(0, len(REQUEST.to_bytes()), max(1, STRIDE // 10)):
        store = DiskStore(tmp_path / str(offset) / "deletes")
        shutil.copytree(data / "deletes", store.root, dirs_exist_ok=True)
        store.put(f"fake/{REQUEST.id}{suffix}", damage(REQUEST.to_bytes(), offset))
        for damaged_objects in (1, 0):
            journal = DeleteJournal(store)
            assert journal.load() == damaged_objects
            assert journal.of("fake") == [REQUEST]
