"""The naive model of storage: entries as plain values, batches and sources as lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from storage.batch import Batch, MetadataColumn
from storage.labels import Labels
from storage.source import Source

__all__ = ["Entry", "batch_of", "entries_of", "entries_of_source", "entries_of_sources", "numbered_batch"]


class Entry(NamedTuple):
    labels: Labels
    ts: int
    line: str
    metadata: frozenset[tuple[str, str]] = frozenset()


def batch_of(entries: Sequence[Entry]) -> Batch:
    """A batch with these rows in this order."""
    streams = list(dict.fromkeys(entry.labels for entry in entries))
    metadata = [dict(entry.metadata) for entry in entries]
    names = dict.fromkeys(name for pairs in metadata for name in pairs)
    return Batch(
        tuple(streams),
        np.array([streams.index(entry.labels) for entry in entries], np.int32),
        np.array([entry.ts for entry in entries], np.int64),
        pa.array([entry.line for entry in entries], pa.string()),
        {name: MetadataColumn.of([pairs.get(name) for pairs in metadata]) for name in names},
    )


def entries_of(batch: Batch) -> list[Entry]:
    """The rows of a batch in their order, read the slow way."""
    lines = batch.line.to_pylist()
    return [
        Entry(
            batch.streams[batch.stream[row]], int(batch.ts[row]), lines[row], frozenset(batch.metadata_of(row).items())
        )
        for row in range(len(batch))
    ]


def entries_of_source(source: Source) -> list[Entry]:
    """The rows of one source in their order; what the source says of itself is checked on the way."""
    batch = Batch(tuple(source.streams), source.stream(), source.ts(), source.line(), source.metadata())
    assert len(source) == len(batch) > 0
    assert sorted(source.present.tolist()) == sorted(set(batch.stream.tolist()))
    assert (source.min_ts, source.max_ts) == (batch.ts.min(), batch.ts.max())
    return entries_of(batch)


def entries_of_sources(sources: Iterable[Source]) -> list[Entry]:
    return [entry for source in sources for entry in entries_of_source(source)]


def numbered_batch(first: int, rows: int, app: str = "web", padding: int = 0) -> Batch:
    """Rows that tell each other apart by a number, which is also their time."""
    labels = Labels({"app": app})
    return batch_of([Entry(labels, number, f"line {number} {'x' * padding}") for number in range(first, first + rows)])
