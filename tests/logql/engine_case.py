"""Streams loaded into a real store in a folder of its own, and queries to the real engine over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from logql.cancel import Cancel
from logql.engine import Engine
from logql.limits import QueryLimits
from logql.requests import Direction, InstantQuery, RangeQuery
from logql.results import Matrix, Scalar, Series, Streams, Vector
from storage.batch import Batch, MetadataColumn
from storage.database import Database
from storage.labels import Labels

__all__ = ["BASE_S", "TENANT", "EngineCase", "LabelText", "Row", "labels", "seconds"]

BASE_S = 1_795_168_800  # a multiple of 60
SECOND_NS = 1_000_000_000
TENANT = "t"

LabelText: TypeAlias = tuple[tuple[str, str], ...]
Points: TypeAlias = tuple[LabelText, list[tuple[float, float]]]
# Seconds after the base, the line, and structured metadata.
Row: TypeAlias = tuple[float, str] | tuple[float, str, Mapping[str, str]]


def seconds(after_base: float) -> int:
    """The time in ns; thousandths are exact."""
    return BASE_S * SECOND_NS + round(after_base * 1000) * 1_000_000


def labels(**named: str) -> LabelText:
    """A label set as answers are compared."""
    return tuple(sorted(named.items()))


class EngineCase:
    """A context manager over ``engine``; times are seconds after ``BASE_S``, in queries and in answers."""

    def __init__(self, folder: Path, limits: QueryLimits | None = None) -> None:
        self.database = Database(folder)
        self._limits = limits or QueryLimits()

    def __enter__(self) -> EngineCase:
        self.database.start()
        self.engine = Engine(self.database, 2)
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()
        self.database.stop()

    def push(self, stream: Mapping[str, str], rows: Sequence[Row]) -> None:
        """Rows of one stream, as one push."""
        metadata = [row[2] if len(row) > 2 else {} for row in rows]
        names = sorted({name for pairs in metadata for name in pairs})
        columns = {name: MetadataColumn.of([pairs.get(name) for pairs in metadata]) for name in names}
        ts = np.array([seconds(row[0]) for row in rows], np.int64)
        lines = pa.array([row[1] for row in rows], pa.string())
        batch = Batch((Labels(stream),), np.zeros(len(rows), np.int32), ts, lines, columns)
        self.database.append(TENANT, batch).result()

    def instant(self, text: str, at: float) -> list[tuple[LabelText, float]]:
        """The samples in the order of the answer; a number has no labels."""
        asked = InstantQuery(text, seconds(at), self._limits)
        data = self.engine.instant(TENANT, asked, Cancel()).data
        if isinstance(data, Scalar):
            return [((), data.value)]
        assert isinstance(data, Vector)
        return [(each.pairs, value) for each, value in data.samples]

    def range(self, text: str, start: float, end: float, step: float) -> dict[LabelText, dict[float, float]]:
        """By label set the values at each second; a time that comes twice keeps its last value."""
        return {name: dict(points) for name, points in self.points(text, start, end, step)}

    def points(self, text: str, start: float, end: float, step: float) -> list[Points]:
        """The series of a matrix in the order of the answer."""
        data = self._asked_range(text, start, end, step)
        assert isinstance(data, Matrix)
        return [(each.labels.pairs, _after_base(each)) for each in data.series]

    def lines(self, text: str, direction: Direction = Direction.FORWARD) -> list[str]:
        """The lines of a log query over all that was pushed."""
        asked = RangeQuery(text, 0, 1 << 62, 1000, 5000, direction, limits=QueryLimits(max_query_length_s=0))
        data = self.engine.range(TENANT, asked, Cancel()).data
        assert isinstance(data, Streams)
        return [entry.line for entry in data.entries]

    def _asked_range(self, text: str, start: float, end: float, step: float) -> object:
        asked = RangeQuery(text, seconds(start), seconds(end), round(step * 1000), limits=self._limits)
        return self.engine.range(TENANT, asked, Cancel()).data


def _after_base(series: Series) -> list[tuple[float, float]]:
    """Times as seconds after the base, with their values."""
    return [
        (ts_ms / 1000 - BASE_S, value)
        for ts_ms, value in zip(series.ts_ms.tolist(), series.values.tolist(), strict=True)
    ]
