"""What a query over a selector would have to look at: streams, chunks, entries and bytes of lines, all exact."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from logql.cancel import Cancel
from logql.scan.selection import Selection
from logql.scan.sizes import Buckets, sizes_of
from logql.scan.tally import Tally
from logql.scan.wanted import wanted_sources
from logql.scan.workers import Workers
from storage.labels import Labels
from storage.source import Source

__all__ = ["IndexStats", "index_stats"]


@dataclass(frozen=True, slots=True)
class IndexStats:
    """``chunks`` are those that have entries of the selection; memory counts as one or a few."""

    streams: int
    chunks: int
    bytes: int
    entries: int


def index_stats(sources: Sequence[Source], selection: Selection, workers: Workers, cancel: Cancel) -> IndexStats:
    """Count what ``selection`` selects, entries in memory included."""
    streams: set[Labels] = set()
    chunks = line_bytes = entries = 0
    lock, buckets = threading.Lock(), Buckets(selection.start_ns, selection.end_ns)

    def count(task: tuple[int, Source]) -> None:
        nonlocal chunks, line_bytes, entries
        _, source = task
        sizes = sizes_of(source, selection, buckets)
        with lock:
            streams.update(source.streams[number] for number in sizes.stream.tolist())
            chunks += len(sizes.stream) > 0
            line_bytes += int(sizes.line_bytes.sum())
            entries += int(sizes.rows.sum())

    workers.run(wanted_sources(sources, selection, Tally()), count, cancel)
    return IndexStats(len(streams), chunks, line_bytes, entries)
