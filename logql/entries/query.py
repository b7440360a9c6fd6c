"""Executing a log query: sources in query order, filters on what can still matter, entries at the end.

The stages run twice: first only as far as they decide which rows stay, with no label extracted but those that filters
test; then all of them, with all labels, on the rows that are answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from logql.ast import LogQuery
from logql.cancel import Cancel
from logql.entries.collector import EntryCollector
from logql.entries.order import ordered_entries, spaced
from logql.requests import Direction, RangeQuery
from logql.results import Entry
from logql.samples.budget import MemoryBudget
from logql.scan.frame import Frame
from logql.scan.needles import Needles
from logql.scan.selection import Selection
from logql.scan.tally import Tally
from logql.scan.wanted import wanted_sources
from logql.scan.workers import Workers
from logql.stages.pipeline import Pipeline
from logql.streams import stream_matcher
from storage.source import Source

__all__ = ["EntryReading", "find_entries"]

_ANSWERED_COPIES = 4  # as a column, as texts, and as the answer that is written of them


@dataclass(frozen=True, slots=True)
class EntryReading:
    """Which rows are read, the stages that decide which of them stay, and those that show the ones answered."""

    selection: Selection
    deciding: Pipeline
    showing: Pipeline

    @classmethod
    def of(cls, query: LogQuery, asked: RangeQuery) -> EntryReading:
        start_ns = max(asked.start_ns, asked.oldest_ns)
        selection = Selection(stream_matcher(query.selector), start_ns, asked.end_ns, Needles(query.stages))
        return cls(selection, Pipeline.deciding(query.stages), Pipeline(query.stages))


def find_entries(
    query: LogQuery, asked: RangeQuery, sources: Sequence[Source], workers: Workers, cancel: Cancel, tally: Tally
) -> list[Entry]:
    """The entries that answer ``query``, in query order."""
    reading = EntryReading.of(query, asked)
    selection, deciding = reading.selection, reading.deciding
    collector = EntryCollector(None if asked.interval_ns else asked.limit, asked.direction)
    tasks = _in_query_order(sources, selection, asked.direction, tally)

    def read(task: tuple[int, Source]) -> None:
        order, source = task
        if not collector.worth_reading(source.min_ts, source.max_ts):
            tally.skipped()
            return
        frame = collector.candidates(selection.frame(source))
        tally.selected(source, frame, reads_lines=deciding.reads_lines)
        frame = deciding(frame)
        tally.passed(len(frame))
        collector.add(order, frame)

    workers.run(tasks, read, cancel)
    budget = MemoryBudget(asked.limits.memory_budget_bytes)
    frames = _shown(collector.frames(), reading, workers, cancel, budget, tally)
    entries = ordered_entries(frames, asked.direction)
    return (spaced(entries, asked.interval_ns) if asked.interval_ns else entries)[: asked.limit]


def _in_query_order(
    sources: Sequence[Source], selection: Selection, direction: Direction, tally: Tally
) -> list[tuple[int, Source]]:
    """Sources that may hold selected rows, with their place in the order of ingestion."""
    wanted = wanted_sources(sources, selection, tally)
    tally.will_read([source for _, source in wanted])
    if direction is Direction.FORWARD:
        return sorted(wanted, key=lambda task: task[1].min_ts)
    return sorted(wanted, key=lambda task: -task[1].max_ts)


def _shown(
    frames: Sequence[tuple[int, Frame]],
    reading: EntryReading,
    workers: Workers,
    cancel: Cancel,
    budget: MemoryBudget,
    tally: Tally,
) -> list[tuple[int, Frame]]:
    """The frames with lines and labels as they are answered."""
    showing = reading.showing
    shown: list[tuple[int, Frame]] = []

    def show(task: tuple[int, Frame]) -> None:
        order, frame = task
        if not showing.only_filters_lines:
            frame = frame.as_stored()
        if not reading.deciding.reads_lines:
            tally.shown(frame)
        if not showing.only_filters_lines:
            frame = showing(frame)
        size_bytes = _ANSWERED_COPIES * frame.line().nbytes
        budget.reserve(size_bytes, "the lines that it answers", "lower the limit, or let line_format write less")
        frame.metadata()
        shown.append((order, frame))

    workers.run(frames, show, cancel)
    return shown
