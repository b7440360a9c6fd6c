"""Bytes of lines by stream of a chunk: the same from counts in the index, from lines, and where it has one stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.labels import Labels
from storage.part import Part, write_part
from storage.settings import StorageSettings
from storage.stores import DiskStore
from tests.storage.entries import Entry, batch_of, entries_of_source

STREAMS = (Labels({"app": "web"}), Labels({"app": "db"}), Labels({"app": "äö"}))
MINUTE_NS = 60_000_000_000


@pytest.mark.parametrize(("gap_ns", "is_counted"), [(1, True), (MINUTE_NS, False)])
@pytest.mark.parametrize("chunk_bytes", [40, 1 << 20])
@pytest.mark.parametrize("streams", [1, 3])
def test_bytes_are_those_of_each_streams_lines(
    tmp_path: Path, gap_ns: int, is_counted: bool, chunk_bytes: int, streams: int
) -> None:
    rows = [Entry(STREAMS[n % streams], 7 * MINUTE_NS + 1 + n * gap_ns, "ä" * (n % 7)) for n in range(36)]
    store = DiskStore(tmp_path)
    part = Part(store, write_part(store, "t", batch_of(rows), 1, StorageSettings(chunk_bytes=chunk_bytes)))
    if chunk_bytes > 40:
        assert (part.chunks[0].counts() is not None) == is_counted
    for chunk in part.chunks:
        found = entries_of_source(chunk)
        naive = [
            sum(len(entry.line.encode()) for entry in found if entry.labels == chunk.streams[number])
            for number in chunk.present.tolist()
        ]
        assert chunk.stream_bytes().tolist() == naive
