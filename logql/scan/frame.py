"""Rows of one source on their way through the stages of a query.

A frame names rows; columns are fetched when a stage asks for them and follow the rows from then on. A stage answers
another frame, with fewer rows or with other lines or labels; a frame itself never changes but for what it has fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.labels import LabelState
from logql.labels.start import metadata_behind
from storage.batch import MetadataColumn
from storage.source import Source

__all__ = ["Frame"]


class Frame:
    """``rows``: ascending row numbers of ``source``. Used by one thread at a time."""

    def __init__(self, source: Source, rows: NDArray[np.int64]) -> None:
        self.source = source
        self.rows = rows
        self._line: pa.Array | None = None
        self._metadata: Mapping[str, MetadataColumn] | None = None
        self._stream: NDArray[np.int32] | None = None
        self._ts: NDArray[np.int64] | None = None
        self._labels: LabelState | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def keep(self, mask: NDArray[np.bool_]) -> Frame:
        """The frame of the rows where ``mask`` (rows of this frame) is true."""
        if mask.all():
            return self
        picked = np.flatnonzero(mask)
        kept = Frame(self.source, self.rows[picked])
        kept._line = None if self._line is None else self._line.take(pa.array(picked))
        kept._ts = None if self._ts is None else self._ts[picked]
        kept._stream = None if self._stream is None else self._stream[picked]
        if self._metadata is not None:
            kept._metadata = {name: column.take(picked) for name, column in self._metadata.items()}
        kept._labels = None if self._labels is None else self._labels.take(picked)
        return kept

    def as_stored(self) -> Frame:
        """The same rows with lines and labels as they were before any stage."""
        return Frame(self.source, self.rows)

    def with_line(self, line: pa.Array) -> Frame:
        """The same rows with other lines."""
        changed = copy(self)
        changed._line = line
        return changed

    def with_labels(self, labels: LabelState) -> Frame:
        """The same rows with other labels."""
        changed = copy(self)
        changed._labels = labels
        return changed

    def labels(self, names: Collection[str] | None = None) -> LabelState:
        """The labels as the stages so far left them.

        ``names`` matters before the first stage that asks: only metadata that can show under them is read then.
        """
        if self._labels is not None:
            return self._labels
        return LabelState.start(self.source.streams, self.stream(), self.metadata(metadata_behind(names)))

    def label(self, name: str) -> MetadataColumn:
        """The values of one label, of whichever category."""
        return self.labels({name}).lookup(name)

    def line(self) -> pa.Array:
        """pa.string(), one a row."""
        if self._line is None:
            self._line = self._pick_lines(self.source.line())
        return self._line

    def ts(self) -> NDArray[np.int64]:
        """Times in ns."""
        if self._ts is None:
            self._ts = self._pick(self.source.ts())
        return self._ts

    def stream(self) -> NDArray[np.int32]:
        """Indexes into ``source.streams``."""
        if self._stream is None:
            self._stream = self._pick(self.source.stream())
        return self._stream

    def metadata(self, names: Collection[str] | None = None) -> Mapping[str, MetadataColumn]:
        """The structured metadata columns of these names that the source has; None means all."""
        if self._metadata is not None:
            return {name: column for name, column in self._metadata.items() if names is None or name in names}
        columns = self.source.metadata(names)
        picked = columns if self._has_all else {name: column.take(self.rows) for name, column in columns.items()}
        if names is None:
            self._metadata = picked
        return picked

    @property
    def _has_all(self) -> bool:
        return len(self.rows) == len(self.source)

    def _pick(self, column: NDArray[Any]) -> NDArray[Any]:
        return column if self._has_all else column[self.rows]

    def _pick_lines(self, lines: pa.Array) -> pa.Array:
        if self._has_all:
            return lines
        if len(self.rows) and self.rows[-1] - self.rows[0] + 1 == len(self.rows):
            return lines.slice(self.rows[0], len(self.rows))
        return lines.take(pa.array(self.rows))
