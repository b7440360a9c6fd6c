"""Windows of rows to pieces of the size of a chunk; what is left of a window waits for the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from storage.batch import string_bytes
from storage.merge.ordered import Window
from storage.part import MAX_CHUNK_ROWS, cuts
from storage.scattered import ScatteredTexts

__all__ = ["in_chunks"]


def in_chunks(windows: Iterable[Window], chunk_bytes: int) -> Iterator[pa.RecordBatch]:
    """The same rows in pieces of about ``chunk_bytes`` of lines and at most MAX_CHUNK_ROWS rows."""
    waiting: list[Window] = []
    rows = line_bytes = 0
    for window in windows:
        waiting.append(window)
        rows += len(window.order)
        line_bytes += sum(string_bytes(piece.column("line")) for piece in window.pieces)
        del window
        if line_bytes < chunk_bytes and rows < MAX_CHUNK_ROWS:
            continue
        joined = _Joined(waiting)
        *full, last = cuts(joined.sizes, chunk_bytes)
        waiting.clear()
        for cut in full:
            yield joined.take(cut)
        rest = joined.take(last)
        waiting, rows, line_bytes = [_alone(rest)], rest.num_rows, string_bytes(rest.column("line"))
        del joined, rest
    if waiting:
        joined = _Joined(waiting)
        waiting.clear()
        yield from map(joined.take, cuts(joined.sizes, chunk_bytes))


class _Joined:
    """Rows of several windows, taken by their place among all; lines are copied when they are taken and not before."""

    def __init__(self, windows: Sequence[Window]) -> None:
        pieces = [piece for window in windows for piece in window.pieces]
        starts = np.cumsum([0, *(len(window.order) for window in windows[:-1])])
        self._order = np.concatenate([window.order + start for window, start in zip(windows, starts, strict=True)])
        self._place = pieces[0].schema.get_field_index("line")
        self._lines = ScatteredTexts([piece.column("line") for piece in pieces])
        self._others = pa.concat_batches([piece.drop_columns(["line"]) for piece in pieces])
        self.sizes = self._lines.sizes[self._order]

    def take(self, cut: slice) -> pa.RecordBatch:
        rows = self._order[cut]
        return self._others.take(pa.array(rows)).add_column(self._place, "line", self._lines.take(rows))


def _alone(piece: pa.RecordBatch) -> Window:
    return Window([piece], np.arange(piece.num_rows))
