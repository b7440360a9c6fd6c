"""Entries that wait for late ones before them: each is held back for a while, then given out in the order of time."""

from __future__ import annotations

from collections.abc import Sequence

from logql.results import Entry

__all__ = ["HeldEntries"]

_HELD = 10_000  # beyond it the oldest go before their time


class HeldEntries:
    """``delay_ns`` from an entry's time, or from its arrival where that was earlier; 0 holds nothing back."""

    def __init__(self, delay_ns: int) -> None:
        self._delay_ns = delay_ns
        self._entries: list[tuple[int, int, Entry]] = []  # time of the entry, when it is due, the entry

    def add(self, entries: Sequence[Entry], now_ns: int) -> None:
        self._entries += [(entry.ts, min(entry.ts, now_ns) + self._delay_ns, entry) for entry in entries]
        self._entries.sort(key=lambda held: held[0])

    def due(self, now_ns: int) -> list[Entry]:
        """Those whose time has come, and all that are older than any of them."""
        last = max((place for place, (_, due_ns, _) in enumerate(self._entries) if due_ns <= now_ns), default=-1)
        last = max(last, len(self._entries) - _HELD - 1)
        # What has the same time as the last one goes with it: nothing may come between them later.
        while -1 < last < len(self._entries) - 1 and self._entries[last + 1][0] == self._entries[last][0]:
            last += 1
        given, self._entries = self._entries[: last + 1], self._entries[last + 1 :]
        return [entry for _, _, entry in given]

    def next_due_ns(self) -> int | None:
        """When ``due`` will next have something; None when nothing is held."""
        return min((due_ns for _, due_ns, _ in self._entries), default=None)
