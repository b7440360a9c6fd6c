"""Decoded, unjudged entries as columns: what both decoders give and everything after them works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import string_buffers

__all__ = ["MAX_TEXT_BYTES", "NO_TIME", "Entries", "Pairs", "Shared", "SharedPair", "SharedPairs", "Slices"]

# A line column counts its bytes in int32.
MAX_TEXT_BYTES = 2**31 - 2
# The time of an entry that was sent without one: year 1 in Loki, too far away for int64.
NO_TIME = -(2**63)


@dataclass(frozen=True, slots=True)
class Slices:
    """Byte strings inside one buffer: ``data[start[i]:end[i]]``, both int32."""

    data: NDArray[np.uint8]
    start: NDArray[np.int32]
    end: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.start)

    @property
    def sizes(self) -> NDArray[np.int32]:
        return self.end - self.start

    @classmethod
    def of(cls, texts: pa.Array) -> Slices:
        """The elements of a pa.string() array; nothing is copied."""
        offsets, data = string_buffers(texts)
        return cls(data, offsets[:-1], offsets[1:])

    def take(self, rows: NDArray[np.intp]) -> Slices:
        return Slices(self.data, self.start[rows], self.end[rows])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Structured metadata as sent: pair i belongs to row ``row[i]``; rows ascend, pairs of a row keep their order."""

    row: NDArray[np.int32]
    name: Slices
    value: Slices

    def __len__(self) -> int:
        return len(self.row)

    @property
    def sizes(self) -> NDArray[np.int32]:
        return self.name.sizes + self.value.sizes

    def keep(self, kept: NDArray[np.bool_]) -> Pairs:
        """The pairs of the rows marked in ``kept``, counted anew."""
        chosen = np.flatnonzero(kept[self.row])
        new_row = (np.cumsum(kept) - 1).astype(np.int32)
        return Pairs(new_row[self.row[chosen]], self.name.take(chosen), self.value.take(chosen))


class SharedPair(NamedTuple):
    """``name`` is normalised already."""

    name: str
    value: str


class SharedPairs:
    """Pairs that are the same for many rows, and what they count."""

    __slots__ = ("pairs", "size_bytes")

    def __init__(self, pairs: Iterable[SharedPair]) -> None:
        self.pairs = tuple(pairs)
        self.size_bytes = sum(len(name.encode()) + len(value.encode()) for name, value in self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True, slots=True)
class Shared:
    """Structured metadata that rows have in common; it comes after the pairs of each row.

    groups  what each group of rows shares: first of the one, then of the other
    group   (rows,) int32, index into ``groups``
    """

    groups: list[tuple[SharedPairs, SharedPairs]]
    group: NDArray[np.int32]

    def counts(self) -> NDArray[np.int64]:
        """(rows,) pairs of each row."""
        return np.array([len(one) + len(other) for one, other in self.groups], np.int64)[self.group]

    def sizes(self) -> NDArray[np.int64]:
        """(rows,) bytes of names and values."""
        return np.array([one.size_bytes + other.size_bytes for one, other in self.groups], np.int64)[self.group]


@dataclass(frozen=True, slots=True)
class Entries:
    """Rows in the order of the request.

    labels  the label string of every stream that has rows, as sent
    stream  (rows,) int32, index into ``labels``
    ts      (rows,) int64, ns since the epoch; ``NO_TIME`` where none was sent
    line    pa.string() array of rows, not yet known to be UTF-8
    """

    labels: list[bytes]
    stream: NDArray[np.int32]
    ts: NDArray[np.int64]
    line: pa.Array
    pairs: Pairs
    shared: Shared | None = None

    def __len__(self) -> int:
        return len(self.ts)

    def line_sizes(self) -> NDArray[np.int32]:
        offsets, _ = string_buffers(self.line)
        return np.diff(offsets)

    @property
    def has_metadata(self) -> bool:
        return bool(len(self.pairs)) or (
            self.shared is not None and any(len(one) or len(other) for one, other in self.shared.groups)
        )

    def sizes(self) -> NDArray[np.int64]:
        """(rows,) bytes that count: the line and the names and values of its metadata."""
        lines = self.line_sizes().astype(np.int64)
        return lines + self.metadata_sizes() if self.has_metadata else lines

    def metadata_sizes(self) -> NDArray[np.int64]:
        """(rows,) bytes of metadata names and values."""
        sizes = np.bincount(self.pairs.row, self.pairs.sizes, len(self)).astype(np.int64)
        return sizes if self.shared is None else sizes + self.shared.sizes()

    def metadata_counts(self) -> NDArray[np.int64]:
        """(rows,) pairs of metadata."""
        counts: NDArray[np.int64] = np.bincount(self.pairs.row, minlength=len(self))
        return counts if self.shared is None else counts + self.shared.counts()

    def keep(self, kept: NDArray[np.bool_]) -> Entries:
        line = self.line.filter(pa.array(kept))
        shared = self.shared and Shared(self.shared.groups, self.shared.group[kept])
        return Entries(self.labels, self.stream[kept], self.ts[kept], line, self.pairs.keep(kept), shared)
