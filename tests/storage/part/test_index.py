"""The index on disk: it comes back whole or not at all."""

from __future__ import annotations

import struct
from dataclasses import replace

import google_crc32c
import numpy as np
import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import CorruptData, UnsupportedFormat
from storage.labels import Labels
from storage.part import ChunkEntry, PartIndex
from storage.part.index import FORMAT_VERSION
from storage.part.sections import place_sections

INT64 = st.integers(-(1 << 63), (1 << 63) - 1)


def chunk(min_ts: int, max_ts: int) -> ChunkEntry:
    return ChunkEntry(np.array([0, 1], np.int32), np.array([3, 4], np.int64), min_ts, max_ts, 100, 8, 50, 2**32 - 1)


CONTENTS = {"words": b"filters", "counts": b"0" * 40}


def index(min_ts: int = -5, max_ts: int = 7) -> PartIndex:
    streams = (Labels({"app": 'we"b'}), Labels({"é": "x"}))
    newest = np.array([min_ts, max_ts])
    chunks, sections = (chunk(min_ts, max_ts),), place_sections(CONTENTS)
    return PartIndex("fake/day/key", 9, 11, streams, newest, chunks, 1000, 3, ("old",), ("level",), sections)


@given(st.lists(st.lists(st.integers(0, 1 << 40), min_size=1, max_size=5), min_size=0, max_size=4))
def test_an_index_in_one_block_of_memory_says_the_same(rows: list[list[int]]) -> None:
    chunks = tuple(
        replace(chunk(-5, 7), rows=np.array(each), streams=np.arange(len(each), dtype=np.int32)) for each in rows
    )
    before = replace(index(), chunks=chunks)
    after = before.in_one_block()
    assert after.to_bytes(CONTENTS) == before.to_bytes(CONTENTS)
    arrays = [after.newest_ts, *(a for each in after.chunks for a in (each.rows, each.streams))]
    assert len({id(array.base) for array in arrays}) == 1
    assert all(array.flags.aligned for array in arrays)


def written_index(min_ts: int = -5, max_ts: int = 7) -> bytes:
    return index(min_ts, max_ts).to_bytes(CONTENTS)


def as_values(each: PartIndex) -> object:
    chunks = [(c.streams.tolist(), c.rows.tolist(), *(getattr(c, n) for n in c.__slots__[2:])) for c in each.chunks]
    rest = [getattr(each, name) for name in each.__slots__ if name not in {"chunks", "newest_ts"}]
    return chunks, each.newest_ts.tolist(), rest


@given(INT64, INT64)
def test_an_index_comes_back_as_it_went(min_ts: int, max_ts: int) -> None:
    written = index(min_ts, max_ts)
    again = PartIndex.from_bytes(written.to_bytes(CONTENTS), "x")
    assert as_values(again) == as_values(written)
    assert (again.rows, again.min_ts, again.max_ts) == (7, min_ts, max_ts)


def test_a_flip_of_any_byte_is_noticed() -> None:
    data = written_index()
    for offset in range(len(data)):
        damaged = data[:offset] + bytes([data[offset] ^ 0x41]) + data[offset + 1 :]
        with pytest.raises((CorruptData, UnsupportedFormat), match="where"):
            PartIndex.from_bytes(damaged, "where")


def test_every_truncation_is_noticed() -> None:
    data = written_index()
    for size in range(len(data)):
        with pytest.raises(CorruptData, match="where"):
            PartIndex.from_bytes(data[:size], "where")


def test_a_newer_version_is_told_from_damage() -> None:
    data = bytearray(written_index())
    struct.pack_into("<I", data, 8, FORMAT_VERSION + 1)
    with pytest.raises(UnsupportedFormat, match=rf"version {FORMAT_VERSION + 1}.*up to {FORMAT_VERSION}.*upgrade"):
        PartIndex.from_bytes(bytes(data), "where")


def test_an_older_version_is_made_again_from_the_data() -> None:
    data = bytearray(written_index())
    struct.pack_into("<I", data, 8, FORMAT_VERSION - 1)
    with pytest.raises(CorruptData, match=r"where.*older"):
        PartIndex.from_bytes(bytes(data), "where")


def wrapped(body: bytes) -> bytes:
    return struct.pack("<8sIIQ", b"SKALDIDX", FORMAT_VERSION, google_crc32c.value(body), len(body)) + body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not compressed",
        zstandard.compress(b"not json"),
        zstandard.compress(b"[]"),
        zstandard.compress(b"{}"),
        zstandard.compress(orjson.dumps({"key": "x", "wal_sequence": 1, "streams": 5})),
    ],
)
def test_a_good_checksum_over_nonsense_is_damage_too(body: bytes) -> None:
    with pytest.raises(CorruptData, match="where"):
        PartIndex.from_bytes(wrapped(body), "where")
