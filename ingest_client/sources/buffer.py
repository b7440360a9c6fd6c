"""The bounded queue between the application and the sender.

``append`` neither locks nor waits and may be re-entered on the same thread. Deque operations are atomic, and counters
are updated by statements without a call inside, within which the interpreter never switches threads. With several
threads appending at once the bound can be exceeded for a moment by one line per thread, never by more.
"""

from __future__ import annotations

import itertools
from collections import deque
from sys import getsizeof
from typing import Mapping

from ingest_client.entries.entry import Entry, Stream
from ingest_client.sources.source import Taken, nothing

__all__ = ["Buffer"]

# The tuple, its integers and the place in the deque.
_ENTRY_BYTES = 200
# Two string headers and the place in the dictionary.
_PAIR_BYTES = 150


class Buffer:
    """Two lanes of entries, warnings and worse apart from the rest, drained in order of capture.

    When the bound is reached ordinary lines are dropped first (the oldest or the newest of them), an important line
    only for the sake of another one.
    """

    def __init__(self, max_entries: int, max_bytes: int, drop_newest: bool = False) -> None:
        self._max_entries, self._max_bytes, self._drop_newest = max_entries, max_bytes, drop_newest
        self._sequence = itertools.count()
        self._ordinary: deque[Entry] = deque()
        self._important: deque[Entry] = deque()
        self.held_bytes = 0
        self.accepted = 0
        self.dropped = 0
        self.removed = 0

    def __len__(self) -> int:
        return len(self._ordinary) + len(self._important)

    def append(
        self, stream: Stream, ts_ns: int, line: str, metadata: Mapping[str, str] | None = None, important: bool = False
    ) -> None:
        """Keep one line, or count it as dropped."""
        cost_bytes = getsizeof(line) + _ENTRY_BYTES
        if metadata:
            cost_bytes += len(metadata) * _PAIR_BYTES
        self.accepted += 1
        if self._full(cost_bytes) and not self._make_room(cost_bytes, important):
            self.dropped += 1
            return
        lane = self._important if important else self._ordinary
        self.held_bytes += cost_bytes
        lane.append(Entry(next(self._sequence), stream, ts_ns, line, metadata, cost_bytes))

    def take(self, max_bytes: int) -> Taken:
        """Remove and return the next entries in order of capture, at least one if there is one, up to ``max_bytes``."""
        taken: list[Entry] = []
        taken_bytes = 0
        while taken_bytes < max_bytes:
            entry = self._pop_next()
            if entry is None:
                break
            taken_bytes += entry.cost_bytes
            taken.append(entry)
        return Taken(taken, nothing)

    def _full(self, cost_bytes: int) -> bool:
        return len(self) >= self._max_entries or self.held_bytes + cost_bytes > self._max_bytes

    def _make_room(self, cost_bytes: int, important: bool) -> bool:
        if cost_bytes > self._max_bytes:
            return False
        while self._full(cost_bytes):
            if not self._drop_one(important):
                return False
        return True

    def _drop_one(self, for_important: bool) -> bool:
        """Drop a held line in favour of a new one; False when the new one has to go instead."""
        if self._drop_newest and not for_important:
            return False
        lane = self._ordinary
        if not lane:
            if not for_important or self._drop_newest:
                return False
            lane = self._important
        try:
            entry = lane.pop() if self._drop_newest else lane.popleft()
        except IndexError:  # another thread took the last one: look again
            return True
        self.dropped += 1
        self._forget(entry)
        return True

    def _pop_next(self) -> Entry | None:
        while True:
            try:
                entry = self._next_lane().popleft()
            except IndexError:
                if not len(self):
                    return None
                continue
            self._forget(entry)
            return entry

    def _next_lane(self) -> deque[Entry]:
        important = self._important
        if not important:
            return self._ordinary
        ordinary = self._ordinary
        if not ordinary or important[0].sequence < ordinary[0].sequence:
            return important
        return ordinary

    def _forget(self, entry: Entry) -> None:
        cost_bytes = entry.cost_bytes
        self.held_bytes -= cost_bytes
        self.removed += 1
