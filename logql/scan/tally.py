"""Counting what a query reads, from many threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from logql.limits import QueryLimits
from logql.results import Stats
from logql.scan.frame import Frame
from logql.scan.reading_limits import ReadingLimits
from storage.source import Source
from storage.stores import Meter

__all__ = ["Tally"]


class Tally:
    """Thread-safe; ``stats`` is complete when all threads are done. ``meter`` counts what is asked of a bucket."""

    def __init__(self, limits: QueryLimits | None = None) -> None:
        """``limits`` of what the query may read; none without."""
        self._limits = None if limits is None else ReadingLimits(limits)
        self.meter = Meter()
        self.stats = Stats(usage=self.meter.usage)
        self._lock = threading.Lock()

    def planned(self, sources: int, wanted: int, filtered: int = 0) -> None:
        """``filtered`` of the sources that are not wanted are so for their skip filters only."""
        with self._lock:
            self.stats.chunks += wanted
            self.stats.chunks_skipped += sources - wanted
            self.stats.chunks_filtered += filtered

    def will_read(self, sources: Sequence[Source]) -> None:
        """Of the wanted sources those that no index can answer for. Raises LimitExceeded."""
        if self._limits is not None:
            self._limits.reserve(sources)

    def skipped(self) -> None:
        """A wanted source turned out to be needless."""
        with self._lock:
            self.stats.chunks_skipped += 1
            self.stats.chunks_needless += 1

    def selected(self, source: Source, frame: Frame, reads_lines: bool) -> None:
        """``frame`` is what the query looks at in ``source``; its lines count if they are read, for columns may do."""
        with self._lock:
            self.stats.lines_processed += len(frame)
            if source.is_stored:
                self.stats.compressed_bytes_read += source.stored_bytes
            else:
                self.stats.head_lines += len(frame)
        if reads_lines:
            frame.when_lines_are_read(lambda line_bytes: self._read_lines(source, line_bytes))

    def shown(self, frame: Frame) -> None:
        """The lines of ``frame`` count when they are read: nothing before had to look at any."""
        frame.when_lines_are_read(lambda line_bytes: self._read_lines(frame.source, line_bytes))

    def _read_lines(self, source: Source, line_bytes: int) -> None:
        with self._lock:
            self.stats.bytes_processed += line_bytes
            if not source.is_stored:
                self.stats.head_bytes += line_bytes

    def passed(self, rows: int) -> None:
        with self._lock:
            self.stats.lines_after_filters += rows
