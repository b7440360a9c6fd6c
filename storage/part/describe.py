"""What an index says of the rows of a part, gathered chunk by chunk: while a part is written, or from its file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import string_bytes
from storage.columns import to_batch
from storage.labels import Labels
from storage.part.index import ChunkEntry
from storage.part.layout import Layout
from storage.part.sections import Builders

__all__ = ["Description"]


class _Rows(NamedTuple):
    """The fields of a ``ChunkEntry`` that its rows decide."""

    streams: NDArray[np.int32]
    rows: NDArray[np.int64]
    min_ts: int
    max_ts: int
    line_bytes: int


class Description:
    """``add`` each chunk in order, then ask. Chunks are over the table ``streams``; ``builders`` make its sections."""

    def __init__(self, streams: Sequence[Labels], builders: Builders) -> None:
        self._streams = tuple(streams)
        self._chunks: list[_Rows] = []
        self._builders = {name: make() for name, make in builders.items()}
        self.newest_ts: NDArray[np.int64] = np.full(len(streams), np.iinfo(np.int64).min)

    def add(self, chunk: pa.RecordBatch) -> None:
        stream = chunk.column("stream").indices.to_numpy()
        ts = chunk.column("ts").view(pa.int64()).to_numpy()
        starts = np.flatnonzero(np.append(True, stream[1:] != stream[:-1]))
        present, rows = stream[starts], np.diff(np.append(starts, len(stream)))
        np.maximum.at(self.newest_ts, present, np.maximum.reduceat(ts, starts))
        line_bytes = string_bytes(chunk.column("line"))
        self._chunks.append(_Rows(present, rows, int(ts.min()), int(ts.max()), line_bytes))
        if self._builders:
            batch = to_batch(chunk, self._streams)
            for builder in self._builders.values():
                builder.add(batch)

    def chunk_entries(self, layout: Layout) -> tuple[ChunkEntry, ...]:
        return tuple(
            ChunkEntry(*chunk, region.offset, region.stored_bytes, region.crc32c)
            for chunk, region in zip(self._chunks, layout.chunks, strict=True)
        )

    def section_contents(self) -> dict[str, bytes]:
        return {name: builder.to_bytes() for name, builder in self._builders.items()}
