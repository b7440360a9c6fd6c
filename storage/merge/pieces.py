"""Windows of rows to pieces of the size of a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from storage.batch import string_buffers, string_bytes
from storage.part import MAX_CHUNK_ROWS, cuts

__all__ = ["in_chunks"]


def in_chunks(windows: Iterable[pa.RecordBatch], chunk_bytes: int) -> Iterator[pa.RecordBatch]:
    """The same rows in pieces of about ``chunk_bytes`` of lines and at most MAX_CHUNK_ROWS rows."""
    waiting: list[pa.RecordBatch] = []
    rows = line_bytes = 0
    for window in windows:
        waiting.append(window)
        rows += window.num_rows
        line_bytes += string_bytes(window.column("line"))
        if line_bytes < chunk_bytes and rows < MAX_CHUNK_ROWS:
            continue
        *full, rest = _cut(pa.concat_batches(waiting), chunk_bytes)
        yield from full
        waiting, rows, line_bytes = [rest], rest.num_rows, string_bytes(rest.column("line"))
    if waiting:
        yield from _cut(pa.concat_batches(waiting), chunk_bytes)


def _cut(rows: pa.RecordBatch, chunk_bytes: int) -> Iterator[pa.RecordBatch]:
    offsets, _ = string_buffers(rows.column("line"))
    for cut in cuts(np.diff(offsets), chunk_bytes):
        yield rows.slice(cut.start, cut.stop - cut.start)
