"""Rows to entries in query order.

At one nanosecond: streams by their 64-bit hash, then by text, ascending in both directions; inside a stream by the
full label text, ascending in both directions, then as ingested (forward) or the other way round (backward).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from logql.requests import Direction
from logql.results import Entry
from logql.scan.frame import Frame
from storage.labels import Labels

__all__ = ["ordered_entries", "spaced"]


class _Shown(NamedTuple):
    """What entries with the same labels share; ``place`` is where they stand among those of one time."""

    place: tuple[int, str, str]
    stream: Labels
    metadata: Labels
    parsed: Labels


def ordered_entries(frames: Iterable[tuple[int, Frame]], direction: Direction) -> list[Entry]:
    """The entries of all rows, sorted."""
    sign = 1 if direction is Direction.FORWARD else -1
    # No two rows have the same order and number, so the entries behind them are never compared.
    keyed = [
        (sign * entry.ts, place, sign * order, sign * row, entry)
        for order, frame in frames
        for row, place, entry in _entries(frame)
    ]
    keyed.sort()
    return [entry for *_, entry in keyed]


def spaced(entries: Sequence[Entry], interval_ns: int) -> list[Entry]:
    """Entries at least ``interval_ns`` apart from the one kept before."""
    kept: list[Entry] = []
    for entry in entries:
        if not kept or abs(entry.ts - kept[-1].ts) >= interval_ns:
            kept.append(entry)
    return kept


def _entries(frame: Frame) -> Iterator[tuple[int, tuple[int, str, str], Entry]]:
    """Row, place among the entries of its time, and entry."""
    state = frame.labels()
    codes = zip(state.stream.tolist(), *(column.tolist() for column, _ in state.code_columns(None)), strict=True)
    known: dict[tuple[int, ...], _Shown] = {}
    columns = zip(frame.rows.tolist(), frame.ts().tolist(), frame.line().to_pylist(), codes, strict=True)
    for position, (row, ts, line, key) in enumerate(columns):
        shown = known.get(key)
        if shown is None:
            shown = known[key] = _shown(state.streams[key[0]], *state.categories(position))
        yield row, shown.place, Entry(ts, line, shown.stream, shown.metadata, shown.parsed)


def _shown(origin: Labels, stream: Labels, metadata: Labels, parsed: Labels) -> _Shown:
    """``origin`` is the stream as it is stored, whatever stages dropped of it."""
    full = stream.merged(metadata).merged(parsed)
    return _Shown((origin.hash64, origin.text, full.text), stream, metadata, parsed)
