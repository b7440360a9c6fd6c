"""Which lines were shown lately, so that a tail that connects again shows none of them twice."""

from __future__ import annotations

from collections.abc import Iterable

from logctl.entries import LogEntry

__all__ = ["SeenEntries"]

_REMEMBERED = 100_000
_OVERLAP_NS = 30 * 10**9  # lines that came late, while nobody listened, are looked for so far back


class SeenEntries:
    """``fresh`` shows each entry once, as long as it remembers it; ``resume_ns`` is no earlier than that."""

    def __init__(self) -> None:
        self._known: dict[LogEntry, None] = {}  # in the order in which they came
        self._floor_ns: int | None = None
        self._newest_ns: int | None = None

    def fresh(self, entries: Iterable[LogEntry]) -> list[LogEntry]:
        """Those that were not shown before, which they are from now on."""
        found = [entry for entry in dict.fromkeys(entries) if entry not in self._known]
        for entry in found:
            self._known[entry] = None
            if self._floor_ns is None:
                self._floor_ns = entry.ts_ns  # what is older was left out by the limit
            self._newest_ns = max(entry.ts_ns, self._newest_ns or entry.ts_ns)
        while len(self._known) > _REMEMBERED:
            forgotten = next(iter(self._known))
            del self._known[forgotten]
            self._floor_ns = max(self._floor_ns or 0, forgotten.ts_ns + 1)
        return found

    def resume_ns(self, start_ns: int) -> int:
        """From where to ask again; ``start_ns`` while nothing was shown."""
        if self._newest_ns is None or self._floor_ns is None:
            return start_ns
        return max(self._newest_ns - _OVERLAP_NS, self._floor_ns)
