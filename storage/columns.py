"""A batch as an Arrow record batch: the schema of parts.

stream            dictionary<int32, utf8>, the stream's canonical text, so any Arrow tool shows readable streams
ts                timestamp[ns, UTC]
line              utf8
metadata.NAME     dictionary<int32, utf8> of one structured metadata key, null where a row lacks it;
                  plain utf8 where nearly every row has a value of its own (trace ids)
metadata          map<utf8, utf8>, keys beyond the ``MAX_METADATA_COLUMNS`` most frequent ones

The schema's metadata carries ``skaldlog.streams``: the label sets as JSON, in dictionary order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import orjson
import pyarrow as pa

from storage.batch import Batch, MetadataColumn
from storage.labels import Labels

__all__ = [
    "MAX_METADATA_COLUMNS",
    "METADATA_PREFIX",
    "OVERFLOW",
    "TIMESTAMPS",
    "metadata_of",
    "overflow_map",
    "schema_of",
    "to_arrow",
    "to_batch",
]

MAX_METADATA_COLUMNS = 64
METADATA_PREFIX = "metadata."
OVERFLOW = "metadata"
_STREAMS_KEY = b"skaldlog.streams"
TIMESTAMPS = pa.timestamp("ns", "UTC")


def to_arrow(batch: Batch) -> pa.RecordBatch:
    """``batch`` as a record batch; no column is copied."""
    texts = pa.array([labels.text for labels in batch.streams], pa.string())
    columns: dict[str, pa.Array] = {
        "stream": pa.DictionaryArray.from_arrays(pa.array(batch.stream), texts),
        "ts": pa.Array.from_buffers(TIMESTAMPS, len(batch), [None, pa.py_buffer(np.ascontiguousarray(batch.ts))]),
        "line": batch.line,
        **_metadata_columns(batch.metadata),
    }
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=schema_of(columns, batch.streams))


def schema_of(columns: Mapping[str, pa.Array], streams: Sequence[Labels]) -> pa.Schema:
    """The schema of these columns, which names the label sets behind ``stream``."""
    pairs = orjson.dumps([labels.pairs for labels in streams])
    return pa.schema([(name, column.type) for name, column in columns.items()], {_STREAMS_KEY: pairs})


def to_batch(record: pa.RecordBatch, streams: tuple[Labels, ...] | None = None) -> Batch:
    """The batch that ``to_arrow`` was given; who knows its ``streams`` spares reading them from the schema."""
    stream = record.column("stream").indices.to_numpy()
    ts = record.column("ts").view(pa.int64()).to_numpy()
    return Batch(streams or _streams_of(record.schema), stream, ts, record.column("line"), metadata_of(record))


def metadata_of(record: pa.RecordBatch) -> dict[str, MetadataColumn]:
    """The structured metadata among the columns of ``record``, by name."""
    names = [name for name in record.schema.names if name.startswith(METADATA_PREFIX)]
    columns = {name.removeprefix(METADATA_PREFIX): _from_arrow(record.column(name)) for name in names}
    if OVERFLOW in record.schema.names:
        columns |= _overflow_columns(record.column(OVERFLOW))
    return {name: column for name, column in columns.items() if len(column.values)}


def _streams_of(schema: pa.Schema) -> tuple[Labels, ...]:
    """The label sets behind the ``stream`` column."""
    return tuple(Labels(map(tuple, pairs)) for pairs in orjson.loads(schema.metadata[_STREAMS_KEY]))


def _from_arrow(column: pa.Array) -> MetadataColumn:
    """One key from either of its two forms."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return MetadataColumn.from_arrow(encoded)


def _metadata_columns(metadata: Mapping[str, MetadataColumn]) -> dict[str, pa.Array]:
    by_frequency = sorted(metadata, key=lambda name: (-int((metadata[name].codes >= 0).sum()), name))
    columns = {METADATA_PREFIX + name: _to_dictionary(metadata[name]) for name in by_frequency[:MAX_METADATA_COLUMNS]}
    rare = {name: metadata[name] for name in by_frequency[MAX_METADATA_COLUMNS:]}
    return columns | ({OVERFLOW: overflow_map(rare, len(next(iter(rare.values())).codes))} if rare else {})


def _to_dictionary(column: MetadataColumn) -> pa.Array:
    absent = column.codes < 0
    indices = pa.array(column.codes, mask=absent) if absent.any() else pa.array(column.codes)
    if len(column.values) * 2 > len(column.codes) > 16:
        return column.values.take(indices)
    return pa.DictionaryArray.from_arrays(indices, column.values)


def overflow_map(rare: Mapping[str, MetadataColumn], row_count: int) -> pa.Array:
    """The keys that share one Arrow column."""
    rows: list[list[tuple[str, str]]] = [[] for _ in range(row_count)]
    for name, column in rare.items():
        for row in np.flatnonzero(column.codes >= 0):
            text = column.text(int(row))
            assert text is not None
            rows[row].append((name, text))
    return pa.array(rows, pa.map_(pa.string(), pa.string()))


def _overflow_columns(maps: pa.Array) -> dict[str, MetadataColumn]:
    texts: dict[str, list[str | None]] = {}
    for row, pairs in enumerate(maps.to_pylist()):
        for name, text in pairs or ():
            texts.setdefault(name, [None] * len(maps))[row] = text
    return {name: MetadataColumn.of(column) for name, column in texts.items()}
