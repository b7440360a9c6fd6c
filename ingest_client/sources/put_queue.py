"""The queue of callers that can wait: files are read more slowly while the server is away."""

from __future__ import annotations

import threading
import time
from collections import deque
from sys import getsizeof
from typing import Callable, Sequence

from ingest_client.entries.entry import Entry
from ingest_client.sources.source import Taken, nothing

__all__ = ["PutQueue"]

_ENTRY_BYTES = 200


class PutQueue:
    """Bounded by lines and bytes; ``put`` waits for room. A put larger than the bound is taken when it is alone."""

    dropped = 0

    def __init__(self, max_entries: int, max_bytes: int) -> None:
        self._max_entries, self._max_bytes = max_entries, max_bytes
        self._puts: deque[Taken] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._entries = 0
        self.held_bytes = 0
        self.accepted = self.removed = 0

    def __len__(self) -> int:
        return self._entries

    def put(
        self, entries: Sequence[Entry], on_acknowledged: Callable[[], None] | None, timeout_s: float | None
    ) -> bool:
        """Queue all of them or none; False when there was no room in time, or the queue is closed."""
        cost_bytes = sum(entry.cost_bytes for entry in entries)
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        with self._changed:
            while not self._closed and self._entries and not self._has_room(len(entries), cost_bytes):
                remaining_s = None if deadline_s is None else deadline_s - time.monotonic()
                if remaining_s is not None and remaining_s <= 0:
                    return False
                self._changed.wait(remaining_s)
            if self._closed:
                return False
            self._puts.append(Taken(list(entries), on_acknowledged or nothing))
            self._entries += len(entries)
            self.accepted += len(entries)
            self.held_bytes += cost_bytes
            return True

    def take(self, max_bytes: int) -> Taken:
        """Whole puts up to ``max_bytes``, at least one if there is one."""
        puts: list[Taken] = []
        taken_bytes = 0
        with self._changed:
            while self._puts and (not puts or taken_bytes < max_bytes):
                put = self._puts.popleft()
                taken_bytes += sum(entry.cost_bytes for entry in put.entries)
                puts.append(put)
            lines = sum(len(put.entries) for put in puts)
            self._entries -= lines
            self.removed += lines
            self.held_bytes -= taken_bytes
            self._changed.notify_all()
        callbacks = [put.acknowledge for put in puts if put.acknowledge is not nothing]
        return Taken([entry for put in puts for entry in put.entries], _all_of(callbacks))

    def close(self) -> None:
        """Refuse further puts and wake those that wait."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_room(self, lines: int, cost_bytes: int) -> bool:
        return self._entries + lines <= self._max_entries and self.held_bytes + cost_bytes <= self._max_bytes


def entry_cost_bytes(line: str) -> int:
    """What a line counts against the bound."""
    return getsizeof(line) + _ENTRY_BYTES


def _all_of(callbacks: list[Callable[[], None]]) -> Callable[[], None]:
    def call() -> None:
        for callback in callbacks:
            callback()

    return call if callbacks else nothing
