"""Metric expressions over rows in memory, without a store: fast enough for thousands of generated cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from logql.ast import LogQuery, Variants
from logql.cancel import Cancel
from logql.evaluate import Context, evaluate
from logql.samples.budget import MemoryBudget
from logql.samples.grid import Grid
from logql.samples.series_set import SeriesSet
from logql.scan.tally import Tally
from logql.scan.workers import Workers
from logql.syntax import parse
from storage.batch import Batch, MetadataColumn
from storage.labels import Labels
from storage.source import BatchSource

__all__ = ["Row", "evaluated", "of_series", "source"]

WORKERS = Workers(2)


@dataclass(frozen=True, slots=True)
class Row:
    """``ts`` in ns, ``stream`` the value of label ``s``, and structured metadata."""

    ts: int
    stream: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    line: str = ""


def source(rows: Sequence[Row]) -> BatchSource:
    """The rows as they were ingested."""
    streams = sorted({row.stream for row in rows})
    names = sorted({name for row in rows for name in row.metadata})
    return BatchSource(
        Batch(
            tuple(Labels({"s": stream}) for stream in streams),
            np.array([streams.index(row.stream) for row in rows], np.int32),
            np.array([row.ts for row in rows], np.int64),
            pa.array([row.line for row in rows], pa.string()),
            {name: MetadataColumn.of([row.metadata.get(name) for row in rows]) for name in names},
        )
    )


def evaluated(
    text: str, sources: Sequence[BatchSource], grid: Grid, budget_bytes: int = 1 << 30
) -> dict[tuple[tuple[str, str], ...], dict[int, float]]:
    """By label set the values by number of the point."""
    expr = parse(text)
    assert not isinstance(expr, LogQuery | Variants)
    value = evaluate(expr, Context(sources, grid, WORKERS, Cancel(), Tally(), MemoryBudget(budget_bytes)))
    assert isinstance(value, SeriesSet)
    return of_series(value)


def of_series(series: SeriesSet) -> dict[tuple[tuple[str, str], ...], dict[int, float]]:
    """As ``evaluated``; no two series may have the same labels."""
    assert len(set(series.labels)) == len(series)
    return {
        labels.pairs: {int(point): float(series.values[number, point]) for point in np.flatnonzero(present)}
        for number, (labels, present) in enumerate(zip(series.labels, series.present, strict=True))
    }
