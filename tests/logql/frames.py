"""Small frames as the stages of a query get them, and what is in them afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from logql.ast import LogQuery, Stage
from logql.scan.frame import Frame
from logql.stages.pipeline import Pipeline
from logql.syntax import parse, validate
from storage.labels import Labels
from storage.source import BatchSource
from tests.storage.entries import Entry, batch_of

__all__ = [
    "Given",
    "Kept",
    "frame_of",
    "frame_of_entries",
    "kept",
    "labels_after",
    "line_frame",
    "lines_of",
    "source_of",
    "stage_of",
    "stages_of",
]

# Stream labels, time, line, structured metadata.
Given: TypeAlias = tuple[Mapping[str, str], int, str, Mapping[str, str]]
# The row number, the line and all labels of a row that is left.
Kept: TypeAlias = tuple[int, str, dict[str, str]]


def source_of(rows: Sequence[Given]) -> BatchSource:
    """At least one row."""
    return BatchSource(batch_of([Entry(Labels(row[0]), row[1], row[2], frozenset(row[3].items())) for row in rows]))


def frame_of(rows: Sequence[Given]) -> Frame:
    """A frame of all of these rows."""
    source = source_of(rows)
    return Frame(source, np.arange(len(source)))


def frame_of_entries(entries: Sequence[Entry]) -> Frame:
    return Frame(BatchSource(batch_of(entries)), np.arange(len(entries)))


def line_frame(*lines: str) -> Frame:
    """Lines of one stream, a nanosecond apart."""
    return frame_of([({"app": "web"}, number, line, {}) for number, line in enumerate(lines)])


def stages_of(tail: str) -> tuple[Stage, ...]:
    """The stages of a query's text, checked as a query is."""
    query = parse(f'{{app="web"}} {tail}')
    validate(query)
    assert isinstance(query, LogQuery)
    return query.stages


def stage_of(text: str) -> Stage:
    (stage,) = stages_of(text)
    return stage


def lines_of(frame: Frame) -> list[str]:
    lines: list[str] = frame.line().to_pylist()
    return lines


def kept(frame: Frame) -> list[Kept]:
    state = frame.labels()
    return [
        (int(row), line, dict(state.labels(n)))
        for n, (row, line) in enumerate(zip(frame.rows, lines_of(frame), strict=True))
    ]


def labels_after(
    tail: str, line: str, stream: Mapping[str, str] | None = None, metadata: Mapping[str, str] | None = None
) -> dict[str, str] | None:
    """The labels of one entry behind the stages; None where it is dropped.

    Rows of another stream, without metadata, stand around it: what is true of one row is true beside others.
    """
    around: Given = ({"other": "1"}, 1, '{"a": "other"} a=other', {})
    frame = frame_of([around, (stream or {"app": "web"}, 2, line, metadata or {}), around])
    found = [labels for row, _, labels in kept(Pipeline(stages_of(tail))(frame)) if row == 1]
    return found[0] if found else None
