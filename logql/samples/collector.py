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
from logql.samples.kernels import is_ordered, series_order
from logql.samples.sample_table import SampleTable
from logql.samples.series_numbers import SeriesNumbers
from logql.scan.frame import Frame
from storage.labels import Labels

__all__ = ["SampleCollector"]

_SAMPLE_BYTES = 64  # of columns, and of their copies while they are put in order
_TYPES = {"series": np.int32, "ts": np.int64, "stream": np.int32, "values": np.float64}


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
        """Column by column, each let go of when it is in order: there may be millions of samples."""
        columns = self._taken()
        starts, order = self._by_series(_joined(columns, "series"))
        ts = _joined(columns, "ts")[order]
        by_entry = _entry_order(ts, self._stream_ranks()[_joined(columns, "stream")][order], starts)
        if by_entry is not None:
            ts, order = ts[by_entry], order[by_entry]
        return SampleTable(self._numbers.labels, starts, ts, _joined(columns, "values")[order])

    def _taken(self) -> dict[str, list[NDArray[Any]]]:
        """The columns of all frames by name, frames in the order of ingestion; they are not here any more."""
        added = sorted(self._added, key=lambda each: each.order)
        self._added = []
        return {name: [getattr(each, name) for each in added] for name in _TYPES}

    def _by_series(self, series: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(series + 1,) where each begins once the rows lie by series, and (rows,) the order in which they do."""
        count = len(self._numbers)
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(series, minlength=count), out=starts[1:])
        return starts, series_order(series, starts)

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


def _joined(columns: dict[str, list[NDArray[Any]]], name: str) -> NDArray[Any]:
    """One of ``columns``, which is not among them any more."""
    pieces = columns.pop(name)
    return np.concatenate(pieces) if pieces else np.zeros(0, _TYPES[name])


def _entry_order(
    ts: NDArray[np.int64], ranks: NDArray[np.int32], starts: NDArray[np.int64]
) -> NDArray[np.int64] | None:
    """The final order of rows that already lie by series, None for as they are; few series need to be sorted."""
    goes_back = (ts[1:] < ts[:-1]) | ((ts[1:] == ts[:-1]) & (ranks[1:] < ranks[:-1]))
    firsts = starts[(starts > 0) & (starts < len(ts))]
    goes_back[firsts - 1] = False
    if not goes_back.any():
        return None
    order = np.arange(len(ts))
    for number in np.unique(np.searchsorted(starts, np.flatnonzero(goes_back), "right") - 1).tolist():
        own = slice(int(starts[number]), int(starts[number + 1]))
        order[own] = starts[number] + _by_time(ts[own], ranks[own])
    return order


def _by_time(ts: NDArray[np.int64], ranks: NDArray[np.int32]) -> NDArray[np.intp]:
    """Stable order by time, then by rank; nearly sorted columns take little time."""
    order = np.argsort(ts, kind="stable")
    ts, ranks = ts[order], ranks[order]
    if not ((ts[1:] == ts[:-1]) & (ranks[1:] < ranks[:-1])).any():
        return order
    return order[np.lexsort((ranks, ts))]
