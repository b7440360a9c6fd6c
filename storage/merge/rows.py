"""Rows on their way from the inputs to the output, as record batches of plain columns that can be joined and sorted.

stream             int32, index into the streams of the output
ts                 int64
line               utf8
metadata.NAME      int32 index into the output's dictionary of NAME, or utf8 where it has none; null without NAME
metadata           map<utf8, utf8>, the rarest names
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from storage.batch import Batch, MetadataColumn
from storage.columns import METADATA_PREFIX, OVERFLOW, TIMESTAMPS, metadata_of, overflow_map, schema_of, to_batch
from storage.labels import Labels
from storage.merge.kept import KeptChunk
from storage.merge.texts import MetadataPlan
from storage.part import Part

__all__ = ["ChunkRows", "InputRows", "OutputRows"]


class ChunkRows:
    """The rows of one chunk of an input that stay. ``stream`` and ``ts`` are in memory; ``read`` raises CorruptData and
    OSError.
    """

    def __init__(self, kept: KeptChunk, streams: NDArray[np.int32], read: Callable[[slice], pa.RecordBatch]) -> None:
        mask, chunk = kept.mask, kept.chunk
        self._kept = None if mask is None else np.flatnonzero(mask)
        stream, ts = streams[chunk.stream()], chunk.ts()
        self.stream, self.ts = (stream, ts) if self._kept is None else (stream[self._kept], ts[self._kept])
        self.mean_line_bytes = max(chunk.line_bytes / len(chunk), 1.0)
        self._read = read

    def read(self, rows: slice) -> pa.RecordBatch:
        """Some of these rows, in memory of their own."""
        if self._kept is None:
            return self._read(rows)
        places = self._kept[rows]
        span = self._read(slice(int(places[0]), int(places[-1]) + 1))
        return span if span.num_rows == len(places) else span.take(pa.array(places - places[0]))


class InputRows:
    """Reads the chunks of one input."""

    def __init__(self, part: Part, streams: Mapping[Labels, int], metadata: MetadataPlan) -> None:
        self._part, self._metadata = part, metadata
        self._streams = np.array([streams.get(labels, -1) for labels in part.index.streams], np.int32)
        self._columns = [name for name in part.columns if name in {"ts", "line", OVERFLOW} or _is_metadata(name)]
        self._codes: dict[str, tuple[pa.Array, NDArray[np.int32]]] = {}

    def open(self, kept: KeptChunk) -> ChunkRows:
        """Raises CorruptData, OSError."""
        return ChunkRows(kept, self._streams, partial(self._read, kept))

    def _read(self, kept: KeptChunk, rows: slice) -> pa.RecordBatch:
        whole = self._part.read(kept.number, self._columns, verify_again=True)
        record = whole.slice(rows.start, rows.stop - rows.start)
        columns = {
            "stream": pa.array(self._streams[kept.chunk.stream()[rows]]),
            "ts": record.column("ts").view(pa.int64()),
            "line": record.column("line"),
            **self._metadata_columns(metadata_of(record), record.num_rows),
        }
        read = pa.RecordBatch.from_pydict(columns)
        # A slice would keep the whole chunk; joining one batch is copying it.
        return read if len(read) == len(whole) else pa.concat_batches([read])

    def _metadata_columns(self, found: Mapping[str, MetadataColumn], rows: int) -> dict[str, pa.Array]:
        columns = {}
        for name, texts in self._metadata.texts.items():
            column, kind = found.get(name), pa.string() if texts is None else pa.int32()
            if column is None:
                columns[METADATA_PREFIX + name] = pa.nulls(rows, kind)
            elif texts is None:
                columns[METADATA_PREFIX + name] = column.values.take(_indices(column.codes))
            else:
                columns[METADATA_PREFIX + name] = _indices(self._recoded(name, column, texts))
        if self._metadata.rare:
            rare = {name: column for name, column in found.items() if name in self._metadata.rare}
            columns[OVERFLOW] = overflow_map(rare, rows)
        return columns

    def _recoded(self, name: str, column: MetadataColumn, texts: pa.Array) -> NDArray[np.int32]:
        known = self._codes.get(name)
        if known is None or not known[0].equals(column.values):
            # -1 (absent) indexes the appended last element, which is -1 again. Texts of rows that are left out may be
            # in no dictionary.
            codes = pc.index_in(column.values, texts).fill_null(-1).to_numpy(zero_copy_only=False)
            known = self._codes[name] = column.values, np.append(codes, -1).astype(np.int32)
        return known[1][column.codes]


class OutputRows:
    """Makes chunks of a part from rows."""

    def __init__(self, streams: Sequence[Labels], metadata: MetadataPlan) -> None:
        self._streams = tuple(streams)
        self._texts = {METADATA_PREFIX + name: texts for name, texts in metadata.texts.items()}
        self._stream_texts = pa.array([labels.text for labels in streams], pa.string())

    def chunk(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The columns of ``storage.columns`` of these rows."""
        columns = {name: self._column(name, rows.column(name)) for name in rows.schema.names}
        return pa.RecordBatch.from_arrays(list(columns.values()), schema=schema_of(columns, self._streams))

    def batch(self, chunk: pa.RecordBatch) -> Batch:
        return to_batch(chunk, self._streams)

    def _column(self, name: str, column: pa.Array) -> pa.Array:
        if name == "stream":
            return pa.DictionaryArray.from_arrays(column, self._stream_texts)
        if name == "ts":
            return column.view(TIMESTAMPS)
        texts = self._texts.get(name)
        return column if texts is None else pa.DictionaryArray.from_arrays(column, texts)


def _is_metadata(name: str) -> bool:
    return name.startswith(METADATA_PREFIX)


def _indices(codes: NDArray[np.int32]) -> pa.Array:
    return pa.array(codes, mask=codes < 0)
