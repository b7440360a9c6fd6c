"""The rows of a record: a JSON head with the texts that repeat, then each column's bytes as they lie in memory.

    head length  uint32
    head         JSON: {"rows": N, "line_bytes": B, "streams": [[[name, value], ...], ...], "metadata": {key: [text]}}
    columns      ts int64[N], stream int32[N], line offsets int32[N + 1], line bytes[B],
                 then for each metadata key in the head's order its codes int32[N], -1 for none
    end          FF FE "SKALDEND" FE FF: not UTF-8, so no text can look like it

Every push is written once and read after a crash only, so writing is what counts: an Arrow stream of the same rows
costs three times as much CPU, most of it for describing its schema again in every record.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import Batch, MetadataColumn, string_array, string_buffers, string_bytes, string_text
from storage.labels import Labels

__all__ = ["END_OF_ROWS", "KnownStreams", "decode_rows", "encode_rows"]

KnownStreams = dict[tuple[tuple[str, str], ...], Labels]  # a log has few, and each of them in most of its records

END_OF_ROWS = b"\xff\xfeSKALDEND\xfe\xff"
_LENGTH_BYTES = 4


def encode_rows(batch: Batch) -> bytes:
    """The rows of a record."""
    offsets, _ = string_buffers(batch.line)
    head = {
        "rows": len(batch),
        "line_bytes": string_bytes(batch.line),
        "streams": [labels.pairs for labels in batch.streams],
        "metadata": {name: column.values.to_pylist() for name, column in batch.metadata.items()},
    }
    encoded = orjson.dumps(head)
    columns: list[NDArray[Any]] = [batch.ts, batch.stream, offsets - offsets[0], string_text(batch.line)]
    columns += [column.codes for column in batch.metadata.values()]
    length = len(encoded).to_bytes(_LENGTH_BYTES, "little")
    return b"".join([length, encoded, *(np.ascontiguousarray(column).data for column in columns), END_OF_ROWS])


def decode_rows(data: memoryview, known: KnownStreams) -> Batch:
    """The batch that ``encode_rows`` was given, over streams that are ``known`` or become so.

    Raises ValueError, KeyError or TypeError when it cannot be that.
    """
    length = int.from_bytes(data[:_LENGTH_BYTES], "little")
    columns = _Columns(data[_LENGTH_BYTES + length :])
    head = orjson.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + length])
    rows = head["rows"]
    ts, stream, offsets = columns.take(np.int64, rows), columns.take(np.int32, rows), columns.take(np.int32, rows + 1)
    line = string_array(offsets, columns.take(np.uint8, head["line_bytes"]))
    line.validate(full=True)
    metadata = {
        name: MetadataColumn(columns.take(np.int32, rows), pa.array(texts, pa.string()))
        for name, texts in head["metadata"].items()
    }
    streams = tuple(_labels(tuple(map(tuple, pairs)), known) for pairs in head["streams"])
    if rows and not (stream.min() >= 0 and stream.max() < len(streams)):
        raise ValueError("a row names a stream that the record does not have")
    return Batch(streams, stream, ts, line, metadata)


def _labels(pairs: tuple[tuple[str, str], ...], known: KnownStreams) -> Labels:
    labels = known.get(pairs)
    if labels is None:
        labels = known[pairs] = Labels(pairs)
    return labels


class _Columns:
    """The columns one after the other, copied: kernels need them aligned, and the file should not stay in memory."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._start = 0

    def take(self, dtype: type[np.generic], count: int) -> NDArray[Any]:
        column = np.frombuffer(self._data, np.uint8, count * np.dtype(dtype).itemsize, self._start).copy()
        self._start += len(column)
        return column.view(dtype)
