"""Rows to entries in query order.

At one nanosecond: streams by their 64-bit hash, then by text, ascending in both directions; inside a stream by the
full label text, ascending in both directions, then as ingested (forward) or the other way round (backward).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from logql.requests import Direction
from logql.results import Entry
from logql.scan.frame import Frame
from storage.labels import Labels

__all__ = ["ordered_entries", "spaced"]


def ordered_entries(frames: Iterable[tuple[int, Frame]], direction: Direction) -> list[Entry]:
    """The entries of all rows, sorted."""
    sign = 1 if direction is Direction.FORWARD else -1
    keyed = [
        (_key(origin, entry, order, row, sign), entry)
        for order, frame in frames
        for row, origin, entry in _entries(frame)
    ]
    keyed.sort(key=lambda pair: pair[0])
    return [entry for _, entry in keyed]


def spaced(entries: Sequence[Entry], interval_ns: int) -> list[Entry]:
    """Entries at least ``interval_ns`` apart from the one kept before."""
    kept: list[Entry] = []
    for entry in entries:
        if not kept or abs(entry.ts - kept[-1].ts) >= interval_ns:
            kept.append(entry)
    return kept


def _key(origin: Labels, entry: Entry, order: int, row: int, sign: int) -> tuple[Any, ...]:
    full = entry.stream.merged(entry.metadata).merged(entry.parsed)
    return (sign * entry.ts, origin.hash64, origin.text, full.text, sign * order, sign * row)


def _entries(frame: Frame) -> Iterator[tuple[int, Labels, Entry]]:
    """Row, stream as it is stored, whatever stages dropped of it, and entry."""
    lines, state = frame.line().to_pylist(), frame.labels()
    codes = zip(state.stream.tolist(), *(column.tolist() for column, _ in state.code_columns(None)), strict=True)
    known: dict[tuple[int, ...], tuple[Labels, Labels, Labels]] = {}
    for place, key in enumerate(codes):
        if key not in known:
            known[key] = state.categories(place)
        stream, metadata, parsed = known[key]
        entry = Entry(int(frame.ts()[place]), lines[place], stream, metadata, parsed)
        yield int(frame.rows[place]), state.streams[key[0]], entry
