"""How much a selection holds, by stream and time: entries and bytes of lines, without looking at a line.

Where a whole source is in one bucket its index answers; elsewhere times are read, and the lengths of lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.scan.selection import Selection
from storage.line_sizes import line_sizes
from storage.source import Source

__all__ = ["Buckets", "Sizes", "sizes_of"]


@dataclass(frozen=True, slots=True)
class Buckets:
    """[start_ns, end_ns) cut at the multiples of ``step_ns``; without a step it is one bucket."""

    start_ns: int
    end_ns: int
    step_ns: int | None = None

    def __len__(self) -> int:
        return self.of(max(self.end_ns - 1, self.start_ns)) + 1

    def of(self, ts: int) -> int:
        """The number of the bucket that a time of the window is in."""
        return 0 if self.step_ns is None else ts // self.step_ns - self.start_ns // self.step_ns

    def of_all(self, ts: NDArray[np.int64]) -> NDArray[np.int64]:
        """``of`` each."""
        if self.step_ns is None:
            return np.zeros(len(ts), np.int64)
        return ts // self.step_ns - self.start_ns // self.step_ns

    def start_s(self, bucket: int) -> int:
        """The multiple of the step that a bucket begins at, in seconds; it may be before the window."""
        return (self.start_ns // self.step_ns + bucket) * self.step_ns // 1_000_000_000 if self.step_ns else 0

    def last_ms(self, bucket: int) -> int:
        """What a bucket is named by: its last millisecond, which for the last one is the window's end."""
        if self.step_ns is None or bucket == len(self) - 1:
            return self.end_ns // 1_000_000
        return (self.start_ns // self.step_ns + bucket + 1) * self.step_ns // 1_000_000 - 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """Columns of one length, a row for each stream and bucket that have entries: the stream's index in the table of the
    source, the bucket's number, entries, and bytes of their lines."""

    stream: NDArray[np.int64]
    bucket: NDArray[np.int64]
    rows: NDArray[np.int64]
    line_bytes: NDArray[np.int64]


def sizes_of(source: Source, selection: Selection, buckets: Buckets) -> Sizes:
    """What ``selection`` selects of ``source``."""
    if selection.covers(source) and buckets.of(source.min_ts) == buckets.of(source.max_ts):
        return _of_whole_streams(source, selection, buckets.of(source.min_ts))
    frame = selection.frame(source)
    if not len(frame):
        return Sizes(*(np.zeros(0, np.int64) for _ in range(4)))
    keys = frame.stream() * np.int64(len(buckets)) + buckets.of_all(frame.ts())
    distinct, inverse = np.unique(keys, return_inverse=True)
    line_bytes = np.bincount(inverse, line_sizes(source.line())[frame.rows]).astype(np.int64)
    stream, bucket = np.divmod(distinct, len(buckets))
    return Sizes(stream, bucket, np.bincount(inverse), line_bytes)


def _of_whole_streams(source: Source, selection: Selection, bucket: int) -> Sizes:
    rows = np.bincount(source.stream(), minlength=len(source.streams))[source.present]
    kept = selection.accepted(source)[source.present] & (rows > 0)
    stream = source.present[kept].astype(np.int64)
    return Sizes(stream, np.full(len(stream), bucket), rows[kept], source.stream_bytes()[kept])
