"""Batches on their way from the log to a tail that has not looked at them yet: bounded, whatever the reader does.

Filled on the log's thread, so a batch without a stream of the query costs a look into a table. What does not fit is
told as dropped, by stream and time, without asking the filters of the query.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from storage.batch import Batch
from storage.head import batch_bytes
from storage.labels import Labels

__all__ = ["DroppedEntry", "Inbox"]

_HELD_BYTES = 16 << 20  # beyond it no batch is taken; a single one may be as large as a push may be
_LOT_BYTES = 1 << 20  # evaluated at once
_REMEMBERED_STREAMS = 10_000
_TOLD_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class DroppedEntry:
    """``stream``: the labels as they are stored."""

    ts: int
    stream: Labels


class Inbox:
    """Thread-safe. ``wake`` is called when something comes in after everything had been taken."""

    def __init__(self, matches: Callable[[Labels], bool], wake: Callable[[], None]) -> None:
        self._matches, self._wake = matches, wake
        self._known: dict[Labels, bool] = {}
        self._lock = threading.Lock()
        self._batches: list[tuple[Batch, int]] = []
        self._held_bytes = 0
        self._dropped: list[DroppedEntry] = []
        self.dropped_rows = 0

    def offer(self, batch: Batch) -> None:
        """Take a batch in, if a stream of it matches and there is room."""
        if not any(map(self._is_wanted, batch.streams)):
            return
        with self._lock:
            was_empty = not self._batches and not self._dropped
            if self._held_bytes > _HELD_BYTES:
                self._drop(batch)
            else:
                size_bytes = batch_bytes(batch)
                self._batches.append((batch, size_bytes))
                self._held_bytes += size_bytes
        if was_empty:
            self._wake()

    def take(self) -> tuple[list[Batch], list[DroppedEntry]]:
        """The oldest batches, about a megabyte of them, and all that was dropped since the last call, a thousand at
        most."""
        with self._lock:
            dropped, self._dropped = self._dropped, []
            count = _count_within(size for _, size in self._batches)
            taken, self._batches = self._batches[:count], self._batches[count:]
            self._held_bytes -= sum(size for _, size in taken)
        return [batch for batch, _ in taken], dropped

    @property
    def is_empty(self) -> bool:
        return not self._batches and not self._dropped

    @property
    def stream_count(self) -> int:
        """Streams that matched, of those that came by lately."""
        return sum(list(self._known.values()))  # a copy: the log's thread adds to them

    def _is_wanted(self, labels: Labels) -> bool:
        wanted = self._known.get(labels)
        if wanted is None:
            if len(self._known) >= _REMEMBERED_STREAMS:
                self._known.clear()
            wanted = self._known[labels] = self._matches(labels)
        return wanted

    def _drop(self, batch: Batch) -> None:
        rows = [row for row, number in enumerate(batch.stream.tolist()) if self._is_wanted(batch.streams[number])]
        self.dropped_rows += len(rows)
        for row in islice(rows, max(_TOLD_ENTRIES - len(self._dropped), 0)):
            self._dropped.append(DroppedEntry(int(batch.ts[row]), batch.streams[batch.stream[row]]))


def _count_within(sizes: Iterable[int]) -> int:
    """How many fit into one lot, at least one of them."""
    count = lot_bytes = 0
    for size in sizes:
        lot_bytes += size
        if count and lot_bytes > _LOT_BYTES:
            break
        count += 1
    return count
