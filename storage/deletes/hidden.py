"""A source without the rows that pending deletes hit.

The rows are found when somebody first asks how many are left, so a chunk that no query looks at costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import MetadataColumn
from storage.counts import Counts
from storage.dense import DenseLines
from storage.filters import PartFilters
from storage.labels import Labels
from storage.line_sizes import bytes_by_stream
from storage.patterns import PatternCounts
from storage.source import Source

__all__ = ["HiddenSource", "Hits"]

# Which rows of a source a delete request hits: one bool a row, None when none of them.
Hits = Callable[[Source], NDArray[np.bool_] | None]


class HiddenSource:
    """``source`` as if the rows that ``hits`` names were not there. Bounds and sizes stay those of ``source``."""

    def __init__(self, source: Source, hits: Sequence[Hits]) -> None:
        self._source, self._hits = source, hits
        self.streams: Sequence[Labels] = source.streams
        self.present: NDArray[np.int32] = source.present
        self.min_ts, self.max_ts = source.min_ts, source.max_ts
        self.line_bytes, self.is_stored, self.stored_bytes = source.line_bytes, source.is_stored, source.stored_bytes
        self.number = source.number

    @property
    def filters(self) -> PartFilters | None:
        """Those of all rows: fewer rows hold no more."""
        return self._source.filters

    @cached_property
    def _rows(self) -> NDArray[np.int64] | None:
        """The rows that are left; None when all are."""
        hidden = [hit for hits in self._hits if (hit := hits(self._source)) is not None]
        return np.flatnonzero(~np.logical_or.reduce(hidden)) if hidden else None

    def __len__(self) -> int:
        return len(self._source) if self._rows is None else len(self._rows)

    def stream(self) -> NDArray[np.int32]:
        column = self._source.stream()
        return column if self._rows is None else column[self._rows]

    def ts(self) -> NDArray[np.int64]:
        column = self._source.ts()
        return column if self._rows is None else column[self._rows]

    def line(self) -> pa.Array:
        column = self._source.line()
        return column if self._rows is None else column.take(pa.array(self._rows))

    def stream_bytes(self) -> NDArray[np.int64]:
        if self._rows is None:
            return self._source.stream_bytes()
        return bytes_by_stream(self.stream(), self.line(), self.present)

    def metadata(self, names: Collection[str] | None = None) -> Mapping[str, MetadataColumn]:
        columns = self._source.metadata(names)
        rows = self._rows
        return columns if rows is None else {name: column.take(rows) for name, column in columns.items()}

    def dense(self, name: str) -> DenseLines | None:
        dense, rows = self._source.dense(name), self._rows
        return dense if dense is None or rows is None else dense.take(rows)

    def counts(self) -> Counts | None:
        return self._source.counts() if self._rows is None else None

    def patterns(self) -> PatternCounts | None:
        return self._source.patterns() if self._rows is None else None
