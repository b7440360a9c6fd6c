"""Parts on a real disk: every row is read back sorted, and damage is an error, never another answer."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.batch import Batch
from storage.errors import CorruptData
from storage.labels import Labels
from storage.part import Part, PartIndex, write_part
from storage.part.rebuild import rebuild_index
from storage.settings import StorageSettings
from storage.stores import DiskStore
from tests.storage.entries import Entry, batch_of, entries_of, entries_of_source, entries_of_sources, numbered_batch
from tests.storage.part.test_index import as_values
from tests.storage.strategies import batches

ON_DISK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SMALL = StorageSettings(chunk_bytes=64)


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "parts")


def arrow_path(store: DiskStore, index: PartIndex) -> Path:
    return store.root / (index.key + ".arrow")


@ON_DISK
@given(batches(min_size=1, max_size=20), st.sampled_from([StorageSettings(), SMALL]))
def test_a_part_holds_the_rows_sorted_by_stream_and_time(
    store: DiskStore, batch: Batch, sizes: StorageSettings
) -> None:
    written = write_part(store, "fake", batch, 7, sizes)
    part = Part.load(store, written.key + ".index")
    expected = sorted(entries_of(batch), key=lambda entry: (entry.labels.text, entry.ts))
    assert entries_of_sources(part.chunks) == expected
    assert as_values(part.index) == as_values(written)
    assert (part.index.rows, part.index.wal_sequence) == (len(batch), 7)
    assert (part.index.min_ts, part.index.max_ts) == (batch.ts.min(), batch.ts.max())
    newest = {labels: max(entry.ts for entry in expected if entry.labels == labels) for labels in part.index.streams}
    assert part.index.newest_ts.tolist() == list(newest.values())
    assert set(part.index.streams) == {entry.labels for entry in expected}
    assert part.index.metadata_names == tuple(sorted(batch.metadata))
    assert [chunk.line_bytes for chunk in part.index.chunks] == [
        sum(len(entry.line.encode()) for entry in entries_of_source(chunk)) for chunk in part.chunks
    ]


@ON_DISK
@given(batches(min_size=1, max_size=20), st.sampled_from([StorageSettings(), SMALL]))
def test_an_index_made_from_the_data_says_what_the_written_one_says(
    store: DiskStore, batch: Batch, sizes: StorageSettings
) -> None:
    written = write_part(store, "fake", batch, 7, sizes)
    assert as_values(rebuild_index(store, written.key)[0]) == as_values(written)


def test_any_arrow_tool_reads_the_file(store: DiskStore) -> None:
    index = write_part(store, "fake", numbered_batch(0, 3), 1, StorageSettings())
    table = pa.ipc.open_file(arrow_path(store, index)).read_all()
    assert table.column("line").to_pylist() == ["line 0 ", "line 1 ", "line 2 "]
    assert table.column("stream").to_pylist() == ['{app="web"}'] * 3
    assert str(table.schema.field("ts").type) == "timestamp[ns, tz=UTC]"


@pytest.mark.parametrize(
    ("ts", "day"),
    [(0, "1970-01-01"), (-1, "1969-12-31"), (2**63 - 1, "2262-04-11"), (-(2**63), "1677-09-21")],
)
def test_a_part_of_any_time_has_a_place(store: DiskStore, ts: int, day: str) -> None:
    batch = batch_of([Entry(Labels({"app": "web"}), ts, "x")])
    index = write_part(store, "fake", batch, 1, StorageSettings())
    assert index.key.startswith(f"fake/{day}/")
    assert entries_of_sources(Part.load(store, index.key + ".index").chunks) == entries_of(batch)


def test_chunks_are_cut_by_bytes_and_one_line_may_be_larger(store: DiskStore) -> None:
    labels = Labels({"app": "web"})
    lines = ["x" * 40, "y" * 40, "z" * 500, "", "", "w" * 60]
    batch = batch_of([Entry(labels, number, line) for number, line in enumerate(lines)])
    index = write_part(store, "fake", batch, 1, StorageSettings(chunk_bytes=100))
    assert [(int(chunk.rows.sum()), chunk.line_bytes) for chunk in index.chunks] == [(2, 80), (1, 500), (3, 60)]


def test_columns_are_read_alone(store: DiskStore) -> None:
    batch = batch_of([Entry(Labels({"app": "web"}), 1, "x", frozenset({("level", "info"), ("id", "7")}))])
    part = Part(store, write_part(store, "fake", batch, 1, StorageSettings()))
    assert part.read(0, ["ts"]).schema.names == ["ts"]
    assert set(part.chunks[0].metadata(["level"])) == {"level"}
    assert set(part.chunks[0].metadata()) == {"level", "id"}
    assert part.chunks[0].metadata(["absent"]) == {}


def test_writing_the_same_rows_again_overwrites_them(store: DiskStore) -> None:
    """A flush that failed at its last step may have become visible; its retry must not make a second part."""
    batch = numbered_batch(0, 100)
    first = write_part(store, "fake", batch, 5, StorageSettings())
    again = write_part(store, "fake", batch, 5, StorageSettings())
    assert again.key == first.key
    others = [write_part(store, "fake", numbered_batch(0, 100, padding=1), 5, StorageSettings()).key]
    others += [write_part(store, "fake", batch, 6, StorageSettings()).key]
    assert len({first.key, *others}) == 3


def read_everything(part: Part) -> list[Entry]:
    return entries_of_sources(part.chunks)


def test_no_flipped_byte_of_the_data_changes_an_answer(store: DiskStore) -> None:
    batch = numbered_batch(0, 300, padding=20)
    index = write_part(store, "fake", batch, 1, StorageSettings(chunk_bytes=3000))
    path = arrow_path(store, index)
    data = path.read_bytes()
    for offset in range(0, len(data), 11):
        path.write_bytes(data[:offset] + bytes([data[offset] ^ 0x10]) + data[offset + 1 :])
        with pytest.raises(CorruptData, match=r"\.arrow"):
            read_everything(Part(store, index))
    path.write_bytes(data)
    assert read_everything(Part(store, index)) == entries_of(batch)


def test_damage_to_one_chunk_leaves_the_others_readable(store: DiskStore) -> None:
    index = write_part(store, "fake", numbered_batch(0, 100, padding=50), 1, StorageSettings(chunk_bytes=2000))
    path = arrow_path(store, index)
    data = bytearray(path.read_bytes())
    data[index.chunks[1].offset + 200] ^= 0xFF
    path.write_bytes(data)
    part = Part(store, index)
    with pytest.raises(CorruptData, match="chunk 1"):
        part.chunks[1].line()
    rest = [chunk for number, chunk in enumerate(part.chunks) if number != 1]
    assert len(entries_of_sources(rest)) == 100 - len(part.chunks[1])


@pytest.mark.parametrize("size", [0, 1, 100, 0.5, -1])
def test_a_truncated_file_is_damage(store: DiskStore, size: float) -> None:
    index = write_part(store, "fake", numbered_batch(0, 100), 1, StorageSettings())
    _truncate(arrow_path(store, index), size)
    with pytest.raises(CorruptData):
        Part(store, index).chunks[0].line()


@pytest.mark.parametrize("size", [0, 1, 100, 0.5, -1])
def test_a_file_that_is_truncated_while_it_is_read_gives_its_rows_or_an_error(store: DiskStore, size: float) -> None:
    index = write_part(store, "fake", numbered_batch(0, 100), 1, StorageSettings())
    part = Part(store, index)
    read_everything(part)
    lines = part.chunks[0].line()
    _truncate(arrow_path(store, index), size)
    try:
        assert part.chunks[0].line() == lines
    except CorruptData:
        assert size != -1, "the last byte is behind all chunks"


def _truncate(path: Path, size: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * size) if isinstance(size, float) else size])


def test_a_missing_file_is_damage(store: DiskStore) -> None:
    part = Part(store, write_part(store, "fake", numbered_batch(0, 1), 1, StorageSettings()))
    store.delete(part.keys[0])
    with pytest.raises(CorruptData, match="missing"):
        part.chunks[0].ts()


def test_an_index_in_the_place_of_another_is_damage(store: DiskStore) -> None:
    index = write_part(store, "fake", numbered_batch(0, 1), 1, StorageSettings())
    store.put("other/day/key.index", store.get(index.key + ".index"))
    with pytest.raises(CorruptData, match=index.key):
        Part.load(store, "other/day/key.index")


def test_rebuilding_from_damaged_data_never_crashes(store: DiskStore) -> None:
    index = write_part(store, "fake", numbered_batch(0, 200, padding=9), 1, StorageSettings(chunk_bytes=3000))
    path = arrow_path(store, index)
    data = path.read_bytes()
    seeded = random.Random(7)
    for _ in range(300):
        damaged = np.frombuffer(data, np.uint8).copy()
        damaged[seeded.randrange(len(data)) :][: seeded.choice([1, 4, 512])] = seeded.randrange(256)
        path.write_bytes(damaged.tobytes()[: seeded.choice([len(data), seeded.randrange(len(data))])])
        try:
            rebuilt, _ = rebuild_index(store, index.key)
        except CorruptData:
            continue
        read_everything(Part(store, rebuilt))
