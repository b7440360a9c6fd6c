"""Sections of an index: built while the part is written, built again with its index, never trusted when damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from storage.batch import Batch
from storage.columns import to_arrow
from storage.concat import sorted_by_stream_and_time
from storage.errors import CorruptData
from storage.part import Part, PartPlan, part_key, write_chunks
from storage.part.rebuild import rebuild_index
from storage.part.sections import BUILDERS, builders_of
from storage.settings import StorageSettings
from storage.stores import DiskStore
from tests.storage.entries import numbered_batch


class Longest:
    """The length of the longest line of each chunk."""

    def __init__(self) -> None:
        self._lengths: list[int] = []

    def add(self, chunk: Batch) -> None:
        self._lengths.append(max(map(len, chunk.line.to_pylist())))

    def to_bytes(self) -> bytes:
        return bytes(self._lengths)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DiskStore:
    monkeypatch.setitem(BUILDERS, "longest", Longest)
    return DiskStore(tmp_path / "parts")


def write(store: DiskStore) -> Part:
    batch, order = sorted_by_stream_and_time(numbered_batch(0, 30))
    record = to_arrow(batch).take(pa.array(order))
    plan = PartPlan(part_key("fake", 0, 1, "a"), 1, 1, batch.streams, (), builders=builders_of(["longest"]))
    chunks: Iterator[pa.RecordBatch] = (record.slice(start, 10) for start in range(0, 30, 10))
    return Part(store, write_chunks(store, plan, chunks, StorageSettings()))


def lengths(part: Part) -> bytes:
    return bytes(max(map(len, chunk.line().to_pylist())) for chunk in part.chunks)


def test_a_section_holds_what_its_builder_made_of_the_chunks(store: DiskStore) -> None:
    part = write(store)
    assert part.section("longest") == lengths(part)
    assert len(lengths(part)) == 3
    assert Part.load(store, part.keys[1]).section("longest") == lengths(part)


def test_a_section_that_is_not_there_is_none(store: DiskStore) -> None:
    assert write(store).section("shortest") is None


def test_an_index_that_is_made_again_has_the_same_sections(store: DiskStore) -> None:
    part = write(store)
    index, contents = rebuild_index(store, part.index.key)
    assert index.sections == part.index.sections
    assert index.to_bytes(contents) == store.get(part.keys[1])


def test_damage_of_a_section_is_found_at_start_and_later_answers_nothing(store: DiskStore) -> None:
    part = write(store)
    data = bytearray(store.get(part.keys[1]))
    data[-1] ^= 1
    store.put(part.keys[1], bytes(data))
    assert part.section("longest") is None
    with pytest.raises(CorruptData, match="section"):
        Part.load(store, part.keys[1])
    store.delete(part.keys[1])
    assert part.section("longest") is None
