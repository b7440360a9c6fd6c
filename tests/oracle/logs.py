"""Section 10: log queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from logql.ast import LogQuery
from logql.requests import Direction
from storage.labels import Labels
from tests.oracle.needed import EVERYTHING
from tests.oracle.pipeline import passes
from tests.oracle.row import Row
from tests.storage.entries import Entry

__all__ = ["LogRow", "log_query", "selected"]


class LogRow(NamedTuple):
    ts: int
    line: str
    stream: Labels
    metadata: Labels
    parsed: Labels


def selected(entries: Sequence[Entry], query: LogQuery) -> Iterator[tuple[int, Entry]]:
    """Entries of the selected streams with their place in the order of ingestion."""
    accepted = {
        labels: all(matcher.matches(labels.get(matcher.name, "")) for matcher in query.selector.matchers)
        for labels in {entry.labels for entry in entries}
    }
    return ((number, entry) for number, entry in enumerate(entries) if accepted[entry.labels])


def log_query(
    entries: Sequence[Entry],
    query: LogQuery,
    start_ns: int,
    end_ns: int,
    limit: int,
    direction: Direction,
    interval_ns: int = 0,
) -> list[LogRow]:
    """The entries of [start, end) in query order."""
    sign = 1 if direction is Direction.FORWARD else -1
    found: list[tuple[tuple[int, int, str, int], LogRow]] = []
    for number, entry in selected(entries, query):
        row = Row(entry, EVERYTHING)
        if start_ns <= entry.ts < end_ns and passes(row, query.stages, line_is_result=True):
            key = (sign * entry.ts, entry.labels.hash64, Labels(row.labels()).text, sign * number)
            found.append((key, LogRow(entry.ts, row.line, *row.categories())))
    rows = [row for _, row in sorted(found, key=lambda pair: pair[0])]
    return (_spaced(rows, interval_ns) if interval_ns else rows)[:limit]


def _spaced(rows: Sequence[LogRow], interval_ns: int) -> list[LogRow]:
    kept: list[LogRow] = []
    for row in rows:
        if not kept or abs(row.ts - kept[-1].ts) >= interval_ns:
            kept.append(row)
    return kept
