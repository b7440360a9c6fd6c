"""Several batches as one: the same rows in the same order over one stream table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import Batch, MetadataColumn
from storage.labels import Labels

__all__ = ["concat", "concat_but_lines", "order_by_stream_and_time", "sorted_by_stream_and_time"]

_RADIX_STREAMS = 1 << 15  # numpy sorts 16-bit integers by radix


def concat(batches: Sequence[Batch]) -> Batch:
    """The rows of all batches; streams are listed once, in order of first appearance."""
    if len(batches) == 1:
        return batches[0]
    return concat_but_lines(batches, pa.concat_arrays([batch.line for batch in batches]))


def concat_but_lines(batches: Sequence[Batch], line: pa.Array) -> Batch:
    """As ``concat``, with ``line`` for the lines: pa.nulls(rows) where they are to lie as they are."""
    numbers: dict[Labels, int] = {}
    stream = np.concatenate([_renumber(batch, numbers) for batch in batches])
    ts = np.concatenate([batch.ts for batch in batches])
    names = dict.fromkeys(name for batch in batches for name in batch.metadata)
    metadata = {name: _concat_metadata(name, batches) for name in names}
    return Batch(tuple(numbers), stream, ts, line, metadata)


def sorted_by_stream_and_time(batch: Batch) -> tuple[Batch, NDArray[np.intp]]:
    """The batch over its streams that have rows, sorted by text, and the row order by (stream, ts).

    Rows of one stream and time keep their order.
    """
    by_text = sorted(np.flatnonzero(np.bincount(batch.stream)).tolist(), key=lambda number: batch.streams[number].text)
    rank = np.empty(len(batch.streams), np.int32)
    rank[by_text] = np.arange(len(by_text), dtype=np.int32)
    streams = tuple(batch.streams[number] for number in by_text)
    stream = rank[batch.stream] if len(batch) else batch.stream
    ranked = Batch(streams, stream, batch.ts, batch.line, batch.metadata)
    return ranked, order_by_stream_and_time(stream, batch.ts)


def order_by_stream_and_time(stream: NDArray[np.int32], ts: NDArray[np.int64]) -> NDArray[np.intp]:
    """The rows by (stream, ts). Streams mostly come in their own order of time: then one radix sort is enough."""
    narrow = stream.astype(np.int16) if len(stream) and stream.max() < _RADIX_STREAMS else stream
    order = np.argsort(narrow, kind="stable")
    sorted_stream, sorted_ts = stream[order], ts[order]
    is_forward = (sorted_ts[1:] >= sorted_ts[:-1]) | (sorted_stream[1:] != sorted_stream[:-1])
    return order if is_forward.all() else np.lexsort((ts, stream))


def _renumber(batch: Batch, numbers: dict[Labels, int]) -> NDArray[np.int32]:
    table = [numbers.setdefault(labels, len(numbers)) for labels in batch.streams]
    return np.asarray(table, np.int32)[batch.stream] if len(batch) else batch.stream


def _concat_metadata(name: str, batches: Sequence[Batch]) -> MetadataColumn:
    """One dictionary for all batches: equal texts of different batches get one code."""
    present = [batch.metadata[name] for batch in batches if name in batch.metadata]
    unified = pa.concat_arrays([column.values for column in present]).dictionary_encode()
    table = unified.indices.cast(pa.int32()).to_numpy()
    codes, first = [], 0
    for batch in batches:
        column = batch.metadata.get(name)
        if column is None:
            codes.append(np.full(len(batch), -1, np.int32))
            continue
        # -1 (absent) indexes the appended last element, which is -1 again.
        renamed = np.append(table[first : first + len(column.values)], np.int32(-1))
        codes.append(renamed[column.codes])
        first += len(column.values)
    return MetadataColumn(np.concatenate(codes), unified.dictionary)
