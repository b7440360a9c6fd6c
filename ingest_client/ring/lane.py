"""One lane of a ring: places for writers on any thread, records in order for the one reader.

``place`` is one C call, hence atomic under the GIL: no lock, and it may be entered again on the same thread.
"""

from __future__ import annotations

import itertools
import time
from collections import deque

from ingest_client.ring.format import SLOT_BYTES, STAMP, STAMP_AT, Record, Slot, read_slot, whole_records

__all__ = ["Lane"]

# A place that was taken and not written: its writer was interrupted for good.
_HOLE_S = 1.0
_READ_AHEAD = 256
_MAX_OPEN_PARTS = 64


class Lane:
    """``lost`` counts records that were overwritten before they were read."""

    def __init__(self, view: memoryview, start: int, slots: int) -> None:
        self._view, self._start, self._slots = view, start, slots
        self._sequence = itertools.count(1)
        places = itertools.cycle(range(start, start + slots * SLOT_BYTES, SLOT_BYTES))
        # Gives (sequence number, offset of the slot).
        self.place = zip(self._sequence, places).__next__
        self._read_next = 1
        self._ready: deque[Record] = deque()
        self._parts: dict[int, list[Slot]] = {}
        self._hole_since_s = 0.0
        self.passed = 0
        self.lost = 0

    @property
    def written(self) -> int:
        """How many places were given out."""
        return int(repr(self._sequence)[6:-1]) - 1

    @property
    def done_until(self) -> int:
        """The last sequence number such that it and all before it were handed out as whole records."""
        waiting = itertools.chain((record.first for record in self._ready), self._parts, (self._read_next,))
        return min(waiting) - 1

    def peek(self) -> Record | None:
        """The next record; None when there is none yet."""
        if not self._ready:
            self._read_ahead()
        return self._ready[0] if self._ready else None

    def pop(self) -> Record:
        """Take the record that ``peek`` gave."""
        record = self._ready.popleft()
        self.passed = (self._ready[0].first if self._ready else self._read_next) - 1
        return record

    def restamp(self, sequence: int, ts_ns: int) -> None:
        """Write the final timestamp, so that whoever sends the record after a crash sends the same one."""
        at = self._place_of(sequence)
        slot = read_slot(self._view, at)
        if slot is not None and slot.sequence == sequence:
            STAMP.pack_into(self._view, at + STAMP_AT, ts_ns)

    def _read_ahead(self) -> None:
        written = self.written
        if written - self._read_next >= self._slots:
            self._jump(written - self._slots + 1 + self._slots // 8)
        while self._read_next <= written and len(self._ready) < _READ_AHEAD:
            slot = read_slot(self._view, self._place_of(self._read_next))
            if slot is None or slot.sequence < self._read_next:
                if not self._is_a_hole():
                    break
                self._jump(self._read_next + 1)
                continue
            if slot.sequence > self._read_next:
                self._jump(slot.sequence)
            self._read_next += 1
            self._collect(slot)
        if not self._ready:
            self.passed = self._read_next - 1

    def _collect(self, slot: Slot) -> None:
        record = whole_records(slot, self._parts)
        if record is not None:
            self._ready.append(record)
        elif len(self._parts) > _MAX_OPEN_PARTS:
            del self._parts[min(self._parts)]
            self.lost += 1

    def _jump(self, sequence: int) -> None:
        self.lost += sequence - self._read_next
        self._read_next = sequence
        for first in [first for first in self._parts if first < sequence]:
            del self._parts[first]

    def _is_a_hole(self) -> bool:
        now_s = time.monotonic()
        if not self._hole_since_s:
            self._hole_since_s = now_s
        if now_s - self._hole_since_s < _HOLE_S:
            return False
        self._hole_since_s = 0.0
        return True

    def _place_of(self, sequence: int) -> int:
        return self._start + (sequence - 1) % self._slots * SLOT_BYTES
