"""Many sorted runs as one, a window of a few megabytes after the other.

Of the chunk of each run that is being read only streams and times are in memory; the rest of its rows is read window by
window, a few times over. Rows of one stream and time come in the order of the runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.concat import order_by_stream_and_time
from storage.merge.rows import ChunkRows

__all__ = ["Window", "in_order"]

End = tuple[tuple[int, int], int]  # stream and time of a row, and the place of its run
_WINDOW_BYTES = 8 << 20


class Window(NamedTuple):
    """Rows, which the next windows' rows come after: those of ``pieces`` end to end, sorted when taken by ``order``."""

    pieces: list[pa.RecordBatch]
    order: NDArray[np.intp]


class _Run:
    """What is left of one run; ``is_over`` when that is nothing."""

    def __init__(self, place: int, chunks: Iterable[ChunkRows]) -> None:
        self.place = place
        self._chunks = iter(chunks)
        self.refill()

    def refill(self) -> None:
        self._chunk = next(self._chunks, None)
        self.is_over = self._chunk is None
        self._start = 0
        if self._chunk is not None:
            self._stream, self._ts = self._chunk.stream, self._chunk.ts
            if not _is_sorted(self._stream, self._ts):
                raise ValueError("the rows of a chunk are not sorted by stream and time")

    def end_of(self, line_bytes: int) -> End:
        """The last row of about so many bytes of lines, or of the next one, or of this chunk."""
        assert self._chunk is not None
        stop = self._start + max(int(line_bytes / self._chunk.mean_line_bytes), 1)
        row = min(stop, len(self._ts)) - 1
        return (int(self._stream[row]), int(self._ts[row])), self.place

    def take_to(self, end: End) -> pa.RecordBatch | None:
        """The rows of this chunk that no row of any run, of those not read yet, comes before; None if there is none."""
        (stream, ts), place = end
        first, last = np.searchsorted(self._stream, [stream, stream + 1])
        in_stream = self._ts[first:last]
        count = np.searchsorted(in_stream, ts, "right" if self.place <= place else "left")
        start, stop = self._start, int(first + count)
        if stop <= start:
            return None
        assert self._chunk is not None
        self._start = stop
        return self._chunk.read(slice(start, stop))

    @property
    def is_used_up(self) -> bool:
        return self._start == len(self._ts)


def in_order(runs: Sequence[Iterable[ChunkRows]]) -> Iterator[Window]:
    """All rows of ``runs`` by (stream, ts); each run is sorted, and so is what comes out."""
    left = [run for place, chunks in enumerate(runs) if not (run := _Run(place, chunks)).is_over]
    while left:
        end = min(run.end_of(_WINDOW_BYTES // len(left)) for run in left)
        yield _window([piece for run in left if (piece := run.take_to(end)) is not None])
        for run in left:
            if run.is_used_up:
                run.refill()
        left = [run for run in left if not run.is_over]


def _window(pieces: list[pa.RecordBatch]) -> Window:
    stream, ts = (np.concatenate([piece.column(name).to_numpy() for piece in pieces]) for name in ("stream", "ts"))
    is_sorted = _is_sorted(stream, ts)
    return Window(pieces, np.arange(len(ts)) if is_sorted else order_by_stream_and_time(stream, ts))


def _is_sorted(stream: NDArray[np.int32], ts: NDArray[np.int64]) -> bool:
    before, after = stream[:-1], stream[1:]
    return bool(np.all((before < after) | ((before == after) & (ts[:-1] <= ts[1:]))))
