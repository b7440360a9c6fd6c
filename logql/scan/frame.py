"""Rows of one source on their way through the stages of a query.

A frame names rows; columns are fetched when a stage asks for them and follow the rows from then on. A stage answers
another frame, with fewer rows or with other lines or labels; a frame itself never changes but for what it has fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from copy import copy
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.labels import LabelState
from logql.labels.start import metadata_behind
from storage.batch import MetadataColumn, string_buffers, string_bytes
from storage.dense import DenseLines
from storage.source import Source

__all__ = ["Frame"]


class _LineWatch:
    """Waits for the lines of ``rows``."""

    def __init__(self, rows: NDArray[np.int64], tell: Callable[[int], None]) -> None:
        self._rows, self._tell = rows, tell
        self._is_waiting = True

    def see(self, lines: pa.Array) -> None:
        """``lines``: all of the source."""
        if not self._is_waiting:
            return
        self._is_waiting = False
        offsets, _ = string_buffers(lines)
        has_all = len(self._rows) == len(lines)
        self._tell(string_bytes(lines) if has_all else int(np.diff(offsets)[self._rows].sum(dtype=np.int64)))


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
        self._has_stored_lines = True
        self._watch: _LineWatch | None = None
        self._dense: dict[str, DenseLines | None] = {}  # shared with all frames that come of this one

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
        kept._has_stored_lines, kept._watch, kept._dense = self._has_stored_lines, self._watch, self._dense
        return kept

    def as_stored(self) -> Frame:
        """The same rows with lines and labels as they were before any stage."""
        return Frame(self.source, self.rows)

    def with_line(self, line: pa.Array) -> Frame:
        """The same rows with other lines."""
        changed = copy(self)
        changed._line = line
        changed._has_stored_lines = False
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
            lines = self.source.line()
            if self._watch is not None:
                self._watch.see(lines)
            self._line = self._pick_lines(lines)
        return self._line

    def when_lines_are_read(self, tell: Callable[[int], None]) -> None:
        """``tell`` the bytes of the lines of this frame, once, when one that comes of it reads any."""
        self._watch = _LineWatch(self.rows, tell)

    def dense(self, format_name: str) -> DenseLines | None:
        """The dense columns of all of the source's lines; None where it has none or the frame has other lines."""
        if not self._has_stored_lines:
            return None
        if format_name not in self._dense:
            self._dense[format_name] = self.source.dense(format_name)
        return self._dense[format_name]

    def ts(self) -> NDArray[np.int64]:
        """Times in ns."""
        if self._ts is None:
            self._ts = self.pick(self.source.ts())
        return self._ts

    def stream(self) -> NDArray[np.int32]:
        """Indexes into ``source.streams``."""
        if self._stream is None:
            self._stream = self.pick(self.source.stream())
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

    def pick(self, column: NDArray[Any]) -> NDArray[Any]:
        """The frame's rows of a column of its source."""
        return column if self._has_all else column[self.rows]

    def _pick_lines(self, lines: pa.Array) -> pa.Array:
        if self._has_all:
            return lines
        if len(self.rows) and self.rows[-1] - self.rows[0] + 1 == len(self.rows):
            return lines.slice(self.rows[0], len(self.rows))
        return lines.take(pa.array(self.rows))
