"""What a part says of its rows without reading them is what its rows say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.counts import COUNTS, LEVEL, MINUTE_NS, Counts, PartCounts, builder
from storage.counts.counts import Cells
from storage.labels import Labels
from storage.merge import Merge, MergeHooks
from storage.part import Part, write_part
from storage.part.catalogue import load_catalogue
from storage.part.sections import builders_of
from storage.settings import StorageSettings
from storage.source import BatchSource, Source
from storage.stores import DiskStore
from tests.storage.entries import Entry, batch_of, entries_of_source

_INT64 = 1 << 63
TIMES = (
    st.integers(-2 * MINUTE_NS, 2 * MINUTE_NS)
    | st.integers(-2, 2).map(lambda minute: minute * MINUTE_NS)
    | st.sampled_from([-_INT64, _INT64 - 1])
)
STREAMS = st.sampled_from([Labels({"app": name}) for name in "abc"])
LEVELS = st.sampled_from(["", "info", "error", "ünï"])
METADATA = st.dictionaries(st.sampled_from([LEVEL, "id"]), LEVELS, max_size=2)
ENTRIES = st.lists(
    st.builds(Entry, STREAMS, TIMES, st.text(max_size=5), METADATA.map(lambda pairs: frozenset(pairs.items()))),
    min_size=1,
    max_size=30,
)


def counted(source: Source) -> Counter[tuple[Labels, int, str | None, str]]:
    """Rows and bytes by stream, last time of the minute and level, read the slow way."""
    found = Counter[tuple[Labels, int, str | None, str]]()
    for entry in entries_of_source(source):
        end = min(-(-entry.ts // MINUTE_NS) * MINUTE_NS, _INT64 - 1)
        key = entry.labels, end, dict(entry.metadata).get(LEVEL)
        found[*key, "entries"] += 1
        found[*key, "bytes"] += len(entry.line.encode())
    return +found


def told(counts: Counts) -> Counter[tuple[Labels, int, str | None, str]]:
    found = Counter[tuple[Labels, int, str | None, str]]()
    cells = entries_of_source(counts.cells)
    for cell, entries, line_bytes in zip(cells, counts.entries.tolist(), counts.line_bytes.tolist(), strict=True):
        key = cell.labels, cell.ts, dict(cell.metadata).get(LEVEL)
        assert (*key, "entries") not in found
        found[*key, "entries"] = entries
        found[*key, "bytes"] = line_bytes
    return +found


@pytest.fixture(autouse=True)
def _small_chunks_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "_ROWS_PER_CELL", 1)


@given(ENTRIES, st.sampled_from([1, 20, 1000]))
def test_each_chunk_tells_what_its_rows_would(entries: list[Entry], chunk_bytes: int) -> None:
    with TemporaryDirectory() as folder:
        store = DiskStore(Path(folder))
        index = write_part(store, "fake", batch_of(entries), 1, StorageSettings(chunk_bytes=chunk_bytes))
        for chunk in Part(store, index).chunks:
            counts = chunk.counts()
            assert counts is not None
            assert told(counts) == counted(chunk)
            assert counts.mixed == {name for entry in entries for name, _ in entry.metadata} - {LEVEL}


@given(st.lists(ENTRIES, min_size=2, max_size=3))
def test_a_merged_part_tells_what_its_rows_would(pushes: list[list[Entry]]) -> None:
    with TemporaryDirectory() as folder:
        store, settings = DiskStore(Path(folder)), StorageSettings(chunk_bytes=20)
        inputs = [
            Part(store, write_part(store, "fake", batch_of(entries), number, settings))
            for number, entries in enumerate(pushes)
        ]
        merged = Part(
            store, Merge(inputs, settings, MergeHooks(builders=builders_of([COUNTS]))).write((), lambda: None)
        )
        for chunk in merged.chunks:
            counts = chunk.counts()
            assert counts is not None
            assert told(counts) == counted(chunk)


@given(ENTRIES)
def test_a_rebuilt_index_tells_the_same(entries: list[Entry]) -> None:
    with TemporaryDirectory() as folder:
        store = DiskStore(Path(folder))
        index = write_part(store, "fake", batch_of(entries), 1, StorageSettings())
        written = store.get(index.key + ".index")
        store.delete(index.key + ".index")
        (part,) = load_catalogue(store).parts
        assert store.get(index.key + ".index") == written
        counts = part.chunks[0].counts()
        assert counts is not None
        assert told(counts) == counted(part.chunks[0])


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([Entry(Labels(), row * MINUTE_NS, "x") for row in range(40)], id="a minute each"),
        pytest.param(
            [Entry(Labels(), 1, f"{row}", frozenset({(LEVEL, f"{row}")})) for row in range(400)], id="a level each"
        ),
    ],
)
def test_rows_that_are_as_many_as_their_cells_are_not_counted(
    entries: list[Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    store = DiskStore(tmp_path)
    part = Part(store, write_part(store, "fake", batch_of(entries), 1, StorageSettings()))
    assert [chunk.counts() for chunk in part.chunks] == [None]


def test_rows_in_memory_and_parts_without_the_section_are_not_counted(tmp_path: Path) -> None:
    batch = batch_of([Entry(Labels(), 1, "x")])
    assert BatchSource(batch).counts() is None
    store = DiskStore(tmp_path)
    index = write_part(store, "fake", batch, 1, StorageSettings())
    part = Part(store, index)
    store.delete(part.keys[1])
    assert part.chunks[0].counts() is None


@pytest.mark.parametrize("data", [b"", b"x", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00"])
def test_what_is_no_section_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="counts"):
        PartCounts.from_bytes(data)


def test_a_section_comes_back_as_it_was() -> None:
    numbers = np.arange(3, dtype=np.int32)
    cells = Cells(numbers, numbers - 7, numbers - 1, np.array([1, 1 << 40, 5]), np.array([0, 1 << 60, 9]))
    for chunks in ((), (None,), (cells,), (None, cells, None, cells)):
        back = PartCounts.from_bytes(PartCounts(("info", "ünï"), chunks).to_bytes())
        assert back.levels == ("info", "ünï")
        assert [_lists(chunk) for chunk in back.chunks] == [_lists(chunk) for chunk in chunks]


def _lists(cells: Cells | None) -> list[list[int]] | None:
    if cells is None:
        return None
    return [column.tolist() for column in (cells.stream, cells.minute, cells.level, cells.entries, cells.line_bytes)]
