"""Rows to a part: sorted by (stream, ts), cut into chunks, the Arrow file first and the index last."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import Batch, string_buffers
from storage.columns import to_arrow
from storage.concat import sorted_by_stream_and_time
from storage.part.index import ChunkEntry, PartIndex
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX
from storage.settings import StorageSettings
from storage.stores import Store

__all__ = ["write_part"]

_MAX_CHUNK_ROWS = 65_536  # bounds what a query holds of short lines


def write_part(store: Store, tenant: str, batch: Batch, wal_sequence: int, settings: StorageSettings) -> PartIndex:
    """Write ``batch`` (at least one row) as one part; durable and visible on return. Raises OSError."""
    batch, order = sorted_by_stream_and_time(batch)
    key = _key(tenant, batch)
    record = to_arrow(batch)
    options = pa.ipc.IpcWriteOptions(compression=_codec(settings), use_threads=False)
    chunks = []
    with store.create(key + ARROW_SUFFIX) as sink:
        with pa.ipc.new_file(sink, record.schema, options=options) as writer:
            for rows in _chunk_rows(batch, order, settings.chunk_bytes):
                before = sink.tell()
                chunk = record.take(pa.array(rows))
                writer.write_batch(chunk)
                chunks.append(_entry(batch, rows, chunk, sink.tell() - before))
        arrow_bytes = sink.tell()
    newest = np.full(len(batch.streams), np.iinfo(np.int64).min)
    np.maximum.at(newest, batch.stream, batch.ts)
    names = tuple(sorted(batch.metadata))
    index = PartIndex(key, wal_sequence, batch.streams, newest, tuple(chunks), arrow_bytes, metadata_names=names)
    store.put(key + INDEX_SUFFIX, index.to_bytes())
    return index


def _codec(settings: StorageSettings) -> pa.Codec:
    return pa.Codec("zstd", compression_level=settings.compression_level)


def _key(tenant: str, batch: Batch) -> str:
    """``tenant/day/first-last-random``: keys sort by tenant, day and time."""
    first, last = int(batch.ts.min()), int(batch.ts.max())
    day = time.strftime("%Y-%m-%d", time.gmtime(max(first // 10**9, 0)))
    return f"{tenant}/{day}/{first:020d}-{last:020d}-{secrets.token_hex(6)}"


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


def _entry(batch: Batch, rows: NDArray[np.intp], chunk: pa.RecordBatch, stored_bytes: int) -> ChunkEntry:
    stream, ts = batch.stream[rows], batch.ts[rows]
    starts = np.flatnonzero(np.append(True, stream[1:] != stream[:-1]))
    counts = np.diff(np.append(starts, len(rows)))
    offsets, _ = string_buffers(chunk.column("line"))
    line_bytes = int(offsets[-1] - offsets[0])
    return ChunkEntry(stream[starts], counts, int(ts.min()), int(ts.max()), line_bytes, stored_bytes)
