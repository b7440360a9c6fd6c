"""Log entries out of query answers, and the walk through more of them than one answer holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from logctl.times import Window

__all__ = ["LogEntry", "Page", "flatten", "walk"]

LabelPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line with all its labels, sorted by name."""

    ts_ns: int
    labels: LabelPairs
    line: str


@dataclass(frozen=True, slots=True)
class Page:
    """What to ask for next."""

    window: Window
    limit: int


def flatten(result: list[Any], forward: bool) -> list[LogEntry]:
    """Merge the streams of an answer into one list in time order."""
    entries = [
        LogEntry(int(value[0]), labels, value[1])
        for stream in result
        for labels in (tuple(sorted(stream["stream"].items())),)
        for value in stream["values"]
    ]
    return sorted(entries, key=lambda entry: entry.ts_ns, reverse=not forward)


def walk(
    fetch: Callable[[Page], list[LogEntry]], window: Window, limit: int, batch: int, forward: bool
) -> Iterator[list[LogEntry]]:
    """Yield batches in order until ``limit`` entries (0: all) were given or the window is exhausted.

    ``fetch`` returns up to ``page.limit`` entries of ``page.window`` in order. A page starts again at the last
    timestamp of the one before, because more entries may share it; those already given are recognised by labels and
    line.
    """
    given = 0
    boundary: list[LogEntry] = []
    while not limit or given < limit:
        wanted = min(batch, limit - given) if limit else batch
        # No more than ``batch`` with those already given, since servers have a limit: more only if all share a time.
        most = max(batch, len(boundary) + 1)
        page = Page(_rest(window, boundary, forward), min(wanted + len(boundary), most))
        fetched = fetch(page)
        fresh = _without(fetched, boundary)[:wanted]
        if not fresh:
            return
        yield fresh
        given += len(fresh)
        if len(fetched) < page.limit:
            return
        last_ns = fresh[-1].ts_ns
        boundary = [entry for entry in [*boundary, *fresh] if entry.ts_ns == last_ns]


def _rest(window: Window, boundary: list[LogEntry], forward: bool) -> Window:
    if not boundary:
        return window
    last_ns = boundary[0].ts_ns
    return Window(last_ns, window.end_ns) if forward else Window(window.start_ns, last_ns + 1)


def _without(fetched: list[LogEntry], boundary: list[LogEntry]) -> list[LogEntry]:
    known = Counter(boundary)
    fresh = []
    for entry in fetched:
        if known[entry] > 0:
            known[entry] -= 1
        else:
            fresh.append(entry)
    return fresh
