"""Rows to a part: sorted by (stream, ts), cut into chunks, the Arrow file first and the index last.

The key follows from the content, so writing the same rows again after a failure overwrites what was half done. The
schema's metadata carries ``skaldlog.part``, what only the index would know else, so that an index can be rebuilt.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import orjson
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from storage.batch import Batch, string_buffers, string_bytes
from storage.columns import to_arrow
from storage.concat import sorted_by_stream_and_time
from storage.part.index import ChunkEntry, PartIndex
from storage.part.layout import Region, layout_of
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX, tenant_folder
from storage.settings import StorageSettings
from storage.stores import Store

__all__ = ["PART_KEY", "chunk_entry", "newest_times", "write_part"]

PART_KEY = b"skaldlog.part"
_MAX_CHUNK_ROWS = 65_536  # bounds what a query holds of short lines


def write_part(store: Store, tenant: str, batch: Batch, wal_sequence: int, settings: StorageSettings) -> PartIndex:
    """Write ``batch`` (at least one row) as one part; durable and visible on return. Raises OSError."""
    batch, order = sorted_by_stream_and_time(batch)
    key = _key(tenant, batch, wal_sequence)
    chunk_rows = list(_chunk_rows(batch, order, settings.chunk_bytes))
    chunk_line_bytes = _write_arrow(store, key + ARROW_SUFFIX, batch, chunk_rows, wal_sequence, settings)
    layout = layout_of(store.get(key + ARROW_SUFFIX))
    chunks = tuple(
        chunk_entry(batch.stream[rows], batch.ts[rows], line_bytes, region)
        for rows, line_bytes, region in zip(chunk_rows, chunk_line_bytes, layout.chunks, strict=True)
    )
    newest = newest_times(len(batch.streams), [batch])
    names = tuple(sorted(batch.metadata))
    index = PartIndex(
        key, wal_sequence, batch.streams, newest, chunks, layout.arrow_bytes, layout.frame_crc32c, metadata_names=names
    )
    store.put(key + INDEX_SUFFIX, index.to_bytes())
    return index


def _write_arrow(
    store: Store,
    arrow_key: str,
    batch: Batch,
    chunk_rows: Sequence[NDArray[np.intp]],
    wal_sequence: int,
    settings: StorageSettings,
) -> list[int]:
    """Answers the bytes of lines in each chunk."""
    record = to_arrow(batch)
    about = orjson.dumps({"wal_sequence": wal_sequence, "replaces": []})
    schema = record.schema.with_metadata({**record.schema.metadata, PART_KEY: about})
    options = pa.ipc.IpcWriteOptions(compression=_codec(settings), use_threads=False)
    line_bytes = []
    with store.create(arrow_key) as sink, pa.ipc.new_file(sink, schema, options=options) as writer:
        for rows in chunk_rows:
            chunk = record.take(pa.array(rows)).replace_schema_metadata(schema.metadata)
            writer.write_batch(chunk)
            line_bytes.append(string_bytes(chunk.column("line")))
    return line_bytes


def _codec(settings: StorageSettings) -> pa.Codec:
    return pa.Codec("zstd", compression_level=settings.compression_level)


def _key(tenant: str, batch: Batch, wal_sequence: int) -> str:
    """``tenant/day/first-last-hash``: keys sort by tenant, day and time."""
    first, last = int(batch.ts.min()), int(batch.ts.max())
    day = time.strftime("%Y-%m-%d", time.gmtime(first // 10**9))
    content = xxhash.xxh3_64(wal_sequence.to_bytes(8, "little"))
    offsets, lines = string_buffers(batch.line)
    for column in (batch.stream, batch.ts, offsets, lines[offsets[0] : offsets[-1]]):
        content.update(np.ascontiguousarray(column).view(np.uint8).data)
    return f"{tenant_folder(tenant)}/{day}/{first:020d}-{last:020d}-{content.hexdigest()}"


def _chunk_rows(batch: Batch, order: NDArray[np.intp], chunk_bytes: int) -> Iterator[NDArray[np.intp]]:
    """Consecutive pieces of ``order`` of about ``chunk_bytes`` of lines and at most _MAX_CHUNK_ROWS rows."""
    offsets, _ = string_buffers(batch.line)
    ends = np.cumsum(np.diff(offsets)[order].astype(np.int64))
    start = 0
    while start < len(order):
        written = int(ends[start - 1]) if start else 0
        full = int(np.searchsorted(ends, written + chunk_bytes, "right"))
        stop = min(max(full, start + 1), start + _MAX_CHUNK_ROWS)
        yield order[start:stop]
        start = stop


def newest_times(streams: int, batches: Iterable[Batch]) -> NDArray[np.int64]:
    """(streams,) the last time of each stream of one table, over all rows."""
    newest = np.full(streams, np.iinfo(np.int64).min)
    for batch in batches:
        np.maximum.at(newest, batch.stream, batch.ts)
    return newest


def chunk_entry(stream: NDArray[np.int32], ts: NDArray[np.int64], line_bytes: int, region: Region) -> ChunkEntry:
    """What the index says of a chunk with these columns, already sorted by stream."""
    starts = np.flatnonzero(np.append(True, stream[1:] != stream[:-1]))
    rows = np.diff(np.append(starts, len(stream)))
    bounds = int(ts.min()), int(ts.max())
    return ChunkEntry(stream[starts], rows, *bounds, line_bytes, region.offset, region.stored_bytes, region.crc32c)
