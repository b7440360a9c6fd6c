"""The index of a part from its Arrow file alone: when the index is damaged, lost, or was never written."""

from __future__ import annotations

import numpy as np
import orjson
import pyarrow as pa

from storage.batch import Batch, string_bytes
from storage.columns import to_batch
from storage.errors import CorruptData
from storage.part.index import PartIndex
from storage.part.layout import layout_of
from storage.part.names import ARROW_SUFFIX
from storage.part.writer import PART_KEY, chunk_entry, newest_times
from storage.stores import Store

__all__ = ["rebuild_index"]


def rebuild_index(store: Store, key: str) -> PartIndex:
    """Read all of ``key``'s Arrow file; nothing is written. Raises CorruptData, OSError."""
    path = key + ARROW_SUFFIX
    data = store.get(path)
    try:
        return _index_of(key, data)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise CorruptData(path, 0, f"no index can be made from it: {error}") from error


def _index_of(key: str, data: bytes) -> PartIndex:
    layout = layout_of(data)
    with pa.ipc.open_file(data) as file:
        about = orjson.loads(file.schema.metadata[PART_KEY])
        batches = [_checked(file.get_batch(number)) for number in range(file.num_record_batches)]
    streams = batches[0].streams
    newest = newest_times(len(streams), batches)
    chunks = tuple(
        chunk_entry(batch.stream, batch.ts, string_bytes(batch.line), region)
        for batch, region in zip(batches, layout.chunks, strict=True)
    )
    return PartIndex(
        key,
        about["wal_sequence"],
        streams,
        newest,
        chunks,
        layout.arrow_bytes,
        layout.frame_crc32c,
        tuple(about["replaces"]),
        tuple(sorted({name for batch in batches for name in batch.metadata})),
    )


def _checked(record: pa.RecordBatch) -> Batch:
    """Without checksums to go by, at least nothing may point outside of its column."""
    record.validate(full=True)
    batch = to_batch(record)
    if not len(batch) or np.any(np.diff(batch.stream) < 0):
        raise ValueError("a chunk is empty or its streams are out of order")
    return batch
