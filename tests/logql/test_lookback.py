"""Entries before ``oldest_ns`` are seen by no query, whatever its window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from logql.cancel import Cancel
from logql.engine import Engine
from logql.requests import InstantQuery, RangeQuery
from logql.results import Matrix, Streams, Vector
from storage.batch import Batch
from storage.database import Database
from storage.labels import Labels

S = 1_000_000_000
SELECTOR = '{app="a"}'


@pytest.mark.parametrize("oldest_s", [-100, 0, 4, 9, 10, 100])
def test_only_entries_from_there_on_are_seen(tmp_path: Path, oldest_s: int) -> None:
    database = Database(tmp_path)
    database.start()
    times = np.arange(10, dtype=np.int64) * S
    batch = Batch((Labels({"app": "a"}),), np.zeros(10, np.int32), times, pa.array([str(n) for n in range(10)]))
    database.append("t", batch).result(10)
    engine = Engine(database, 1)
    expected = [str(n) for n in range(10) if n >= oldest_s]
    entries = engine.range("t", RangeQuery(SELECTOR, 0, 20 * S, 1000, oldest_ns=oldest_s * S), Cancel()).data
    assert isinstance(entries, Streams)
    assert [entry.line for entry in entries.entries][::-1] == expected
    count = f"sum(count_over_time({SELECTOR}[1m]))"
    vector = engine.instant("t", InstantQuery(count, 20 * S, oldest_ns=oldest_s * S), Cancel()).data
    assert isinstance(vector, Vector)
    assert [value for _, value in vector.samples] == ([len(expected)] if expected else [])
    matrix = engine.range("t", RangeQuery(count, 20 * S, 20 * S, 20_000, oldest_ns=oldest_s * S), Cancel()).data
    assert isinstance(matrix, Matrix)
    assert [series.values.tolist() for series in matrix.series] == ([[len(expected)]] if expected else [])
    engine.close()
    database.stop()
