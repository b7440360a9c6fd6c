"""What a part has kept of its lines' patterns is what its rows tell; in coarser counts where they are many."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import orjson
import pyarrow as pa
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from storage.counts import LEVEL
from storage.deletes import HiddenSource
from storage.labels import Labels
from storage.merge import Merge, MergeHooks
from storage.part import Part, load_catalogue, write_part
from storage.part.rebuild import rebuild_index
from storage.part.sections import builders_with
from storage.patterns import PATTERNS, PartPatterns, PatternCounts, builder
from storage.settings import StorageSettings
from storage.source import BatchSource, Source
from storage.stores import DiskStore
from tests.storage.entries import Entry, batch_of, entries_of_source

NS = 1_000_000_000
_INT64 = 1 << 63
TIMES = st.integers(-7200 * NS, 7200 * NS) | st.integers(-9, 9).map(lambda n: n * 10 * NS)
STREAMS = st.sampled_from([Labels({"app": name}) for name in "abc"])
METADATA = st.dictionaries(st.sampled_from([LEVEL, "id"]), st.sampled_from(["info", "ünï"]), max_size=2)
ENTRIES = st.lists(
    st.builds(
        Entry,
        STREAMS,
        TIMES | st.sampled_from([-_INT64, _INT64 - 1]),
        st.sampled_from(["", "aa", "ab", "b", "üx", "-"]),
        METADATA.map(lambda pairs: frozenset(pairs.items())),
    ),
    min_size=1,
    max_size=30,
)


class ByLetter:
    """Lines of one first letter are of one pattern; an empty one is of none, and ``-`` is not worth keeping."""

    def __init__(self) -> None:
        self._letters: dict[str, int] = {}

    def add(self, lines: pa.Array) -> NDArray[np.int32]:
        texts = lines.to_pylist()
        return np.array(
            [self._letters.setdefault(line[0], len(self._letters)) if line else -1 for line in texts], np.int32
        )

    def patterns(self) -> Mapping[int, str]:
        return {number: letter for letter, number in self._letters.items() if letter != "-"}


BUILDERS = builders_with(ByLetter)
HOOKS = MergeHooks(builders=BUILDERS)
Told = Counter[tuple[Labels, str, str | None, int]]


def merged(store: DiskStore, pushes: list[list[Entry]], chunk_bytes: int = 20) -> Part:
    settings = StorageSettings(chunk_bytes=chunk_bytes)
    inputs = [
        Part(store, write_part(store, "fake", batch_of(entries), number, settings))
        for number, entries in enumerate(pushes)
    ]
    part = Part(store, Merge(inputs, settings, HOOKS).write((), lambda: None))
    for each in inputs:
        store.delete(each.keys[1])
        store.delete(each.keys[0])
    return part


def counted(source: Source, bucket_ns: int, unwanted: str = "-") -> Told:
    """Rows by stream, pattern, level and bucket, read the slow way."""
    found = Told()
    for entry in entries_of_source(source):
        if entry.line and entry.line[0] != unwanted:
            found[entry.labels, entry.line[0], dict(entry.metadata).get(LEVEL), entry.ts // bucket_ns] += 1
    return found


def told(counts: PatternCounts, streams: tuple[Labels, ...]) -> Told:
    cells, levels = counts.cells, [*counts.levels, None]
    columns = (cells.stream, cells.pattern, cells.level, cells.bucket, cells.entries)
    found = Told()
    keys = []
    for stream, pattern, level, bucket, entries in zip(*(column.tolist() for column in columns), strict=True):
        keys.append((stream, pattern, level, bucket))
        found[streams[stream], counts.patterns[pattern], levels[level], bucket] = entries
    assert keys == sorted(set(keys))
    return found


@settings(max_examples=40)
@given(st.lists(ENTRIES, min_size=1, max_size=3), st.sampled_from([20, 1000]))
def test_a_merged_part_tells_what_its_rows_would(pushes: list[list[Entry]], chunk_bytes: int) -> None:
    with TemporaryDirectory() as folder:
        part = merged(DiskStore(Path(folder)), pushes, chunk_bytes)
        for chunk in part.chunks:
            counts = chunk.patterns()
            assert counts is not None
            assert counts.bucket_ns == 10 * NS
            assert told(counts, part.index.streams) == counted(chunk, counts.bucket_ns)


@settings(max_examples=50)
@given(st.lists(ENTRIES, min_size=1, max_size=2), st.integers(1, 40))
def test_more_cells_than_may_be_become_longer_buckets_or_nothing(pushes: list[list[Entry]], most: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(builder, "_CELLS_OF_FEW_ROWS", most)
        patched.setattr(builder, "_WAITING_CELLS", 0)
        part = merged(DiskStore(Path(folder)), pushes)
        found = [chunk.patterns() for chunk in part.chunks]
        kept = [counts for counts in found if counts is not None]
        if not kept:
            assert sum(len(counted(chunk, 3600 * NS, unwanted="")) for chunk in part.chunks) > most
            return
        assert len(kept) == len(found)
        assert sum(len(counts.cells) for counts in kept) <= most
        for chunk, counts in zip(part.chunks, kept, strict=True):
            assert told(counts, part.index.streams) == counted(chunk, counts.bucket_ns)


def test_of_too_many_patterns_those_of_most_rows_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "_TEXT_BYTES_OF_FEW_ROWS", 3)
    rows = [Entry(Labels(), number, line) for number, line in enumerate("abbcccddeeeeü")]
    part = merged(DiskStore(tmp_path), [rows], 1000)
    (counts,) = (chunk.patterns() for chunk in part.chunks)
    assert counts is not None
    assert counts.patterns == ("e", "c", "b")
    assert counts.cells.entries.tolist() == [4, 3, 2]


def test_a_part_with_too_many_levels_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "_MAX_LEVELS", 3)
    rows = [Entry(Labels(), n, "a" * 10, frozenset({(LEVEL, f"{n // 4}")})) for n in range(20)]
    part = merged(DiskStore(tmp_path), [rows], 40)
    assert [chunk.patterns() for chunk in part.chunks] == [None] * len(part.chunks)


@settings(max_examples=25)
@given(ENTRIES)
def test_an_index_that_is_made_again_tells_the_same(entries: list[Entry]) -> None:
    with TemporaryDirectory() as folder:
        store = DiskStore(Path(folder))
        part = merged(store, [entries])
        written = store.get(part.keys[1])
        store.delete(part.keys[1])
        (again,) = load_catalogue(store, BUILDERS).parts
        assert store.get(part.keys[1]) == written
        assert [chunk.patterns() is None for chunk in again.chunks] == [False] * len(part.chunks)


def test_an_index_that_is_made_again_without_a_miner_has_all_but_the_patterns(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    part = merged(store, [[Entry(Labels(), 1, "a")]])
    index, _ = rebuild_index(store, part.index.key)
    assert set(part.index.sections) - set(index.sections) == {PATTERNS}
    assert Part(store, index).chunks[0].patterns() is None


def test_only_lines_tell_where_rows_are_in_memory_or_hidden_or_were_flushed(tmp_path: Path) -> None:
    batch = batch_of([Entry(Labels(), 1, "a"), Entry(Labels(), 2, "b")])
    assert BatchSource(batch).patterns() is None
    store = DiskStore(tmp_path)
    flushed = Part(store, write_part(store, "fake", batch, 1, StorageSettings()))
    assert flushed.chunks[0].patterns() is None
    chunk = merged(DiskStore(tmp_path / "merged"), [[Entry(Labels(), 1, "a"), Entry(Labels(), 2, "b")]]).chunks[0]
    assert HiddenSource(chunk, [lambda _: None]).patterns() is not None
    assert HiddenSource(chunk, [lambda _: np.array([True, False])]).patterns() is None


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"nothing", "not a section"),
        (zstandard.compress(b"\0"), "not a section"),
        (zstandard.compress(b"\x0d\0\0\0" + orjson.dumps({"version": 2})), "version 2"),
    ],
)
def test_what_is_no_section_is_refused(
    data: bytes, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match=cause):
        PartPatterns.from_bytes(data)
    part = merged(DiskStore(tmp_path), [[Entry(Labels(), 1, "a")]])
    monkeypatch.setattr(Part, "section", lambda self, name: data)
    with caplog.at_level(logging.ERROR):
        assert part.patterns() == (None,)
    assert "mined from its lines" in caplog.text
