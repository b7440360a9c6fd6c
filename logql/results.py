"""What a query answers, before anybody renders it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from storage.labels import Labels
from storage.stores import Usage

__all__ = ["Answer", "Entry", "Matrix", "Scalar", "Series", "Stats", "Streams", "Vector"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A log line with its labels by category; ``stream`` lacks what the pipeline dropped."""

    ts: int
    line: str
    stream: Labels
    metadata: Labels
    parsed: Labels


@dataclass(frozen=True, slots=True)
class Streams:
    """Log query: entries in query order (newest first when backward)."""

    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Series:
    """``ts_ms`` (points,) int64 ascending, ``values`` (points,) float64."""

    labels: Labels
    ts_ms: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Range metric query; series in the order to print."""

    series: Sequence[Series]

    def __len__(self) -> int:
        return len(self.series)


@dataclass(frozen=True, slots=True)
class Vector:
    """Instant metric query; samples in the order to print."""

    ts_ms: int
    samples: Sequence[tuple[Labels, float]]

    def __len__(self) -> int:
        return len(self.samples)


@dataclass(frozen=True, slots=True)
class Scalar:
    """Instant query of a pure number."""

    ts_ms: int
    value: float


@dataclass(slots=True)
class Stats:
    """What a query cost. Bytes are uncompressed line and metadata bytes unless the name says otherwise.

    chunks           those that may hold rows of the answer, as indexes tell
    chunks_skipped   all others, and those of ``chunks`` that a limit made needless
    chunks_filtered  those that hold wanted streams and times, but by their skip filters no row of the answer
    chunks_needless  those that a limit made needless
    usage            what it asked of a bucket
    """

    exec_time_s: float = 0.0
    lines_processed: int = 0
    bytes_processed: int = 0
    metadata_bytes_processed: int = 0
    lines_after_filters: int = 0
    entries_returned: int = 0
    parts: int = 0
    chunks: int = 0
    chunks_skipped: int = 0
    chunks_filtered: int = 0
    chunks_needless: int = 0
    compressed_bytes_read: int = 0
    head_lines: int = 0
    head_bytes: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Answer:
    """The data of a query with its cost and its warnings."""

    data: Streams | Matrix | Vector | Scalar
    stats: Stats
    warnings: Sequence[str] = field(default_factory=tuple)
