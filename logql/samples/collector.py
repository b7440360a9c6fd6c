"""Collecting samples from all frames of a query, and putting them in entry order.

Entry order is time; at one time streams by their hash, then by text; inside a stream as ingested.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logql.samples.budget import MemoryBudget
from logql.samples.groups import RowGroups
from logql.samples.kernels import is_ordered, series_places
from logql.samples.sample_table import SampleTable
from logql.samples.series_numbers import SeriesNumbers
from logql.scan.frame import Frame
from storage.labels import Labels

__all__ = ["SampleCollector"]

_SAMPLE_BYTES = 64  # of columns, and of their copies while they are put in order


@dataclass(frozen=True, slots=True)
class _Columns:
    """The samples of one frame; ``stream`` numbers the streams of the query."""

    order: int
    series: NDArray[np.int32]
    ts: NDArray[np.int64]
    values: NDArray[np.float64]
    stream: NDArray[np.int32]

    def take(self, rows: NDArray[np.int64]) -> _Columns:
        return _Columns(self.order, self.series[rows], self.ts[rows], self.values[rows], self.stream[rows])


class SampleCollector:
    """Thread-safe. ``table`` once, when all frames were added."""

    def __init__(self, budget: MemoryBudget, max_series: int) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._numbers = SeriesNumbers(max_series)
        self._streams: dict[Labels, int] = {}
        self._added: list[_Columns] = []

    def add(self, order: int, frame: Frame, groups: RowGroups, values: NDArray[np.float64]) -> None:
        """The rows of a frame, their series and values; ``order`` tells the order in which frames were ingested."""
        self._budget.reserve(len(frame) * _SAMPLE_BYTES, "its samples")
        with self._lock:
            numbers = self._numbers.of(groups).astype(np.int32)
            streams = self._streams_of(frame)
            count = len(self._numbers)
        columns = _Columns(order, numbers[groups.group], frame.ts(), values, streams[frame.stream()])
        if not is_ordered(columns.series, columns.ts, count):
            columns = columns.take(np.argsort(columns.ts, kind="stable"))
        with self._lock:
            self._added.append(columns)

    def table(self) -> SampleTable:
        """Each column is written once, by series, and put in order within them: there may be millions of samples."""
        added = sorted(self._added, key=lambda each: each.order)
        self._added = []
        starts, places = self._by_series([each.series for each in added])
        ts = _placed([each.ts for each in added], places, np.int64)
        values = _placed([each.values for each in added], places, np.float64)
        ranks = self._stream_ranks()
        ranks = _placed([ranks[each.stream] for each in added], places, np.int32)
        del added, places
        _sort_series(ts, ranks, values, starts)
        return SampleTable(self._numbers.labels, starts, ts, values)

    def _by_series(self, pieces: list[NDArray[np.int32]]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """(series + 1,) where each begins once all rows lie by series, and (rows,) the place of each row then."""
        series = np.concatenate([np.zeros(0, np.int32), *pieces])
        count = len(self._numbers)
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(series, minlength=count), out=starts[1:])
        return starts, series_places(series, starts)

    def _streams_of(self, frame: Frame) -> NDArray[np.int32]:
        numbers = np.zeros(len(frame.source.streams), np.int32)
        for number in frame.source.present.tolist():
            numbers[number] = self._streams.setdefault(frame.source.streams[number], len(self._streams))
        return numbers

    def _stream_ranks(self) -> NDArray[np.int32]:
        """(streams,) the place of each stream among those of one time."""
        labels = list(self._streams)
        ranks = np.zeros(len(labels), np.int32)
        ranks[sorted(range(len(labels)), key=lambda i: (labels[i].hash64, labels[i].text))] = np.arange(len(labels))
        return ranks


def _placed(pieces: list[NDArray[Any]], places: NDArray[np.int32], dtype: Any) -> NDArray[Any]:
    """The rows of all ``pieces``, each where ``places`` says."""
    column = np.empty(len(places), dtype)
    start = 0
    for piece in pieces:
        column[places[start : start + len(piece)]] = piece
        start += len(piece)
    return column


def _sort_series(
    ts: NDArray[np.int64], ranks: NDArray[np.int32], values: NDArray[np.float64], starts: NDArray[np.int64]
) -> None:
    """Put the rows of each series in entry order; few series need that."""
    goes_back = (ts[1:] < ts[:-1]) | ((ts[1:] == ts[:-1]) & (ranks[1:] < ranks[:-1]))
    firsts = starts[(starts > 0) & (starts < len(ts))]
    goes_back[firsts - 1] = False
    for number in np.unique(np.searchsorted(starts, np.flatnonzero(goes_back), "right") - 1).tolist():
        own = slice(int(starts[number]), int(starts[number + 1]))
        order = _by_time(ts[own], ranks[own])
        ts[own], values[own] = ts[own][order], values[own][order]


def _by_time(ts: NDArray[np.int64], ranks: NDArray[np.int32]) -> NDArray[np.intp]:
    """Stable order by time, then by rank; nearly sorted columns take little time."""
    order = np.argsort(ts, kind="stable")
    ts, ranks = ts[order], ranks[order]
    if not ((ts[1:] == ts[:-1]) & (ranks[1:] < ranks[:-1])).any():
        return order
    return order[np.lexsort((ranks, ts))]
