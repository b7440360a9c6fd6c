"""Collecting samples from all frames of a query, and putting them in entry order.

Entry order is time; at one time streams by their hash, then by text; inside a stream as ingested.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.samples.budget import MemoryBudget
from logql.samples.groups import RowGroups
from logql.samples.kernels import is_ordered, series_order
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
        columns = self._joined()
        count = len(self._numbers)
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(columns.series, minlength=count), out=starts[1:])
        columns = columns.take(series_order(columns.series, starts))
        order = self._entry_order(columns, starts)
        columns = columns if order is None else columns.take(order)
        return SampleTable(self._numbers.labels, starts, columns.ts, columns.values)

    def _streams_of(self, frame: Frame) -> NDArray[np.int32]:
        numbers = np.zeros(len(frame.source.streams), np.int32)
        for number in frame.source.present.tolist():
            numbers[number] = self._streams.setdefault(frame.source.streams[number], len(self._streams))
        return numbers

    def _joined(self) -> _Columns:
        added = sorted(self._added, key=lambda each: each.order)
        self._added = []
        return _Columns(
            0,
            np.concatenate([np.zeros(0, np.int32), *(each.series for each in added)]),
            np.concatenate([np.zeros(0, np.int64), *(each.ts for each in added)]),
            np.concatenate([np.zeros(0, np.float64), *(each.values for each in added)]),
            np.concatenate([np.zeros(0, np.int32), *(each.stream for each in added)]),
        )

    def _entry_order(self, columns: _Columns, starts: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """The final order of rows that already lie by series, None for as they are; few series need to be sorted."""
        ranks = self._stream_ranks()[columns.stream]
        ts, series = columns.ts, columns.series
        goes_back = (ts[1:] < ts[:-1]) | ((ts[1:] == ts[:-1]) & (ranks[1:] < ranks[:-1]))
        goes_back &= series[1:] == series[:-1]
        if not goes_back.any():
            return None
        order = np.arange(len(ts))
        for number in np.unique(series[1:][goes_back]).tolist():
            own = slice(int(starts[number]), int(starts[number + 1]))
            order[own] = starts[number] + _by_time(ts[own], ranks[own])
        return order

    def _stream_ranks(self) -> NDArray[np.int64]:
        """(streams,) the place of each stream among those of one time."""
        labels = list(self._streams)
        ranks = np.zeros(len(labels), np.int64)
        ranks[sorted(range(len(labels)), key=lambda i: (labels[i].hash64, labels[i].text))] = np.arange(len(labels))
        return ranks


def _by_time(ts: NDArray[np.int64], ranks: NDArray[np.int64]) -> NDArray[np.intp]:
    """Stable order by time, then by rank; nearly sorted columns take little time."""
    order = np.argsort(ts, kind="stable")
    ts, ranks = ts[order], ranks[order]
    if not ((ts[1:] == ts[:-1]) & (ranks[1:] < ranks[:-1])).any():
        return order
    return order[np.lexsort((ranks, ts))]
