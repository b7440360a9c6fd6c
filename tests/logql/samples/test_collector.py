"""Samples of many frames come out by series, in entry order: time, stream, order of ingestion."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from logql.samples.budget import MemoryBudget
from logql.samples.collector import SampleCollector
from logql.samples.groups import RowGroups
from logql.scan.frame import Frame
from storage.batch import Batch
from storage.labels import Labels
from storage.source import BatchSource

STREAMS = tuple(Labels({"app": name}) for name in "abc")
SERIES = tuple(Labels({"host": name}) for name in "xyz")
ROWS = st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 2))  # stream, time, series
FRAMES = st.lists(st.lists(ROWS, min_size=1, max_size=12), max_size=5)


def frame_of(rows: list[tuple[int, int, int]]) -> Frame:
    stream, ts = (np.array([row[place] for row in rows]) for place in (0, 1))
    batch = Batch(STREAMS, stream.astype(np.int32), ts.astype(np.int64), pa.array([""] * len(rows)))
    return Frame(BatchSource(batch), np.arange(len(rows)))


@given(FRAMES)
def test_samples_lie_by_series_in_entry_order(frames: list[list[tuple[int, int, int]]]) -> None:
    collector = SampleCollector(MemoryBudget(1 << 20), 0)
    expected: dict[Labels, list[tuple[int, int, str, int, float]]] = {}
    for order, rows in reversed(list(enumerate(frames))):
        values = np.arange(len(rows), dtype=np.float64) + 100 * order
        groups = RowGroups(np.array([row[2] for row in rows], np.int64), SERIES)
        collector.add(order, frame_of(rows), groups, values)
        for (stream, ts, series), value in zip(rows, values.tolist(), strict=True):
            labels = STREAMS[stream]
            expected.setdefault(SERIES[series], []).append((ts, labels.hash64, labels.text, order, value))
    table = collector.table()
    found = {
        labels: list(zip(table.ts[start:stop].tolist(), table.values[start:stop].tolist(), strict=True))
        for labels, start, stop in zip(table.labels, table.starts[:-1], table.starts[1:], strict=True)
    }
    assert found == {labels: [(row[0], row[-1]) for row in sorted(rows)] for labels, rows in expected.items()}
