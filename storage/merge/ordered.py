"""Many sorted runs as one, a window of a few megabytes after the other; one chunk of each run is in memory.

Rows of one stream and time come in the order of the runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import string_buffers
from storage.concat import order_by_stream_and_time

__all__ = ["in_order"]

End = tuple[tuple[int, int], int]  # stream and time of a row, and the place of its run
_WINDOW_BYTES = 8 << 20


class _Run:
    """What is left of one run; ``is_over`` when that is nothing."""

    def __init__(self, place: int, chunks: Iterable[pa.RecordBatch]) -> None:
        self.place = place
        self._chunks = iter(chunks)
        self.refill()

    def refill(self) -> None:
        self._rows = next(self._chunks, None)
        self.is_over = self._rows is None
        self._start = 0
        if self._rows is not None:
            self._stream, self._ts = _keys(self._rows)
            if not _is_sorted(self._stream, self._ts):
                raise ValueError("the rows of a chunk are not sorted by stream and time")
            self._offsets, _ = string_buffers(self._rows.column("line"))

    def end_of(self, line_bytes: int) -> End:
        """The last row of so many bytes of lines, or of the next one, or of this chunk."""
        stop = int(np.searchsorted(self._offsets, int(self._offsets[self._start]) + line_bytes, "right")) - 1
        row = min(max(stop, self._start + 1), len(self._ts)) - 1
        return (int(self._stream[row]), int(self._ts[row])), self.place

    def take_to(self, end: End) -> pa.RecordBatch:
        """The rows of this chunk that no row of any run, of those not read yet, comes before."""
        (stream, ts), place = end
        first, last = np.searchsorted(self._stream, [stream, stream + 1])
        in_stream = self._ts[first:last]
        count = np.searchsorted(in_stream, ts, "right" if self.place <= place else "left")
        stop = max(int(first + count), self._start)
        assert self._rows is not None
        taken = self._rows.slice(self._start, stop - self._start)
        self._start = stop
        return taken

    @property
    def is_used_up(self) -> bool:
        return self._start == len(self._ts)


def in_order(runs: Sequence[Iterable[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
    """All rows of ``runs`` by (stream, ts); each run is sorted, and so is what comes out."""
    left = [run for place, chunks in enumerate(runs) if not (run := _Run(place, chunks)).is_over]
    while left:
        end = min(run.end_of(_WINDOW_BYTES // len(left)) for run in left)
        pieces = [piece for run in left if (piece := run.take_to(end)).num_rows]
        yield _sorted(pieces)
        for run in left:
            if run.is_used_up:
                run.refill()
        left = [run for run in left if not run.is_over]


def _sorted(pieces: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(pieces) == 1:
        return pieces[0]
    rows = pa.concat_batches(pieces)
    stream, ts = _keys(rows)
    return rows if _is_sorted(stream, ts) else rows.take(pa.array(order_by_stream_and_time(stream, ts)))


def _keys(rows: pa.RecordBatch) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    return rows.column("stream").to_numpy(), rows.column("ts").to_numpy()


def _is_sorted(stream: NDArray[np.int32], ts: NDArray[np.int64]) -> bool:
    before, after = stream[:-1], stream[1:]
    return bool(np.all((before < after) | ((before == after) & (ts[:-1] <= ts[1:]))))
