"""The ring as the source of a sender: written by any thread without a lock, read by one, kept by the kernel.

Memory is bounded by its size. When it is full the oldest lines of the lane are overwritten, and counted; warnings and
worse have a lane of their own, so that no flood of lesser lines takes them along.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import time
import zlib
from pathlib import Path
from typing import Callable, Mapping

from ingest_client.clock import BootClock
from ingest_client.entries.entry import Entry, FixedStream, Stream
from ingest_client.ring.format import (
    ACKNOWLEDGED,
    ACKNOWLEDGED_AT,
    DATA_BYTES,
    HEADER,
    MAGIC,
    NO_RANK,
    PART,
    PART_BYTES,
    PART_FLAG,
    SLOT,
    SLOT_BYTES,
    SLOTS_AT,
    STREAM_SIZE,
    STREAMS_AT,
    Record,
    metadata_of,
)
from ingest_client.ring.lane import Lane
from ingest_client.sources.source import Taken

__all__ = ["Ring"]

_IMPORTANT_SHARE = 5
_MAX_RECORD_SHARE = 8
_ENTRY_BYTES = 200
_YIELD_EVERY = 64
_PAGE_BYTES = 4096
# Python names it since 3.10.
_MAP_POPULATE = 0x8000 if sys.platform == "linux" else 0


class Ring:
    """``path`` None keeps it in memory, where it bounds memory but saves nothing. Raises OSError."""

    def __init__(
        self,
        path: Path | None,
        size_bytes: int,
        max_line_bytes: int,
        corrected: Callable[[int], int] = lambda ts_ns: ts_ns,
    ) -> None:
        self.path, self._corrected = path, corrected
        slots = max(64, (size_bytes - SLOTS_AT) // SLOT_BYTES)
        important = slots // _IMPORTANT_SHARE
        self.view = memoryview(_mapped(path, SLOTS_AT + slots * SLOT_BYTES))
        # Populating maps pages for reading only: this makes room for the first write to each.
        self.view[::_PAGE_BYTES] = bytes(len(self.view[::_PAGE_BYTES]))
        self.pid = os.getpid()
        clock = BootClock()
        HEADER.pack_into(self.view, 0, MAGIC, self.pid, slots - important, important, clock.offset_ns, clock.boot_id)
        self.ordinary = Lane(self.view, SLOTS_AT, slots - important)
        self.important = Lane(self.view, SLOTS_AT + (slots - important) * SLOT_BYTES, important)
        self._max_record_bytes = min(max_line_bytes, important * PART_BYTES // _MAX_RECORD_SHARE)
        self._streams: list[Stream] = []
        self._numbers: dict[int, int] = {}
        self._fixed: list[FixedStream] = []
        self._streams_end = STREAMS_AT
        self._metadata: dict[int, Mapping[str, str] | None] = {}
        self._more_slots = 0
        self._unregistered = 0

    def __len__(self) -> int:
        return self._written() - self.removed

    @property
    def accepted(self) -> int:
        """Records that were written."""
        return self._written() - self._more_slots + self._unregistered

    @property
    def removed(self) -> int:
        """Slots that were read, or overwritten before they were."""
        return self.ordinary.passed + self.important.passed

    @property
    def dropped(self) -> int:
        """Records that were lost because the reader was too slow."""
        return self.ordinary.lost + self.important.lost + self._unregistered

    @property
    def held_bytes(self) -> int:
        """What is taken by unread slots."""
        return min(len(self), len(self.view) // SLOT_BYTES) * SLOT_BYTES

    def number_of(self, stream: Stream) -> int | None:
        """Register a stream: its labels have to outlive the process too. None when there is no room for more."""
        known = self._numbers.get(id(stream))
        if known is not None:
            return known
        data = json.dumps([dict(stream.labels), dict(stream.metadata)]).encode()
        at = self._streams_end
        if at + STREAM_SIZE.size + len(data) > SLOTS_AT:
            return None
        self.view[at + STREAM_SIZE.size : at + STREAM_SIZE.size + len(data)] = data
        STREAM_SIZE.pack_into(self.view, at, len(data))
        self._streams_end = at + STREAM_SIZE.size + len(data)
        self._streams.append(stream)
        self._fixed.append(FixedStream(stream.labels, stream.metadata))
        return self._numbers.setdefault(id(stream), len(self._streams) - 1)

    def append(
        self,
        stream: Stream,
        ts_ns: int,
        line: str,
        metadata: Mapping[str, str] | None = None,
        important: bool = False,
        rank: int = NO_RANK,
    ) -> None:
        """Write one line of any length with any metadata."""
        number = self.number_of(stream)
        if number is None:
            self._unregistered += 1
            return
        text = self._cut(line if isinstance(line, str) else str(line))
        suffix = json.dumps(metadata).encode() if metadata else b""
        lane = self.important if important else self.ordinary
        kind = number << 8 | rank
        data = text + suffix
        if len(data) > DATA_BYTES:
            self._append_parts(lane, kind, ts_ns, data, len(text))
            return
        sequence, at = lane.place()
        SLOT.pack_into(self.view, at, zlib.adler32(data), kind, sequence, ts_ns, len(data), len(text), data)

    def take(self, max_bytes: int) -> Taken:
        """Remove and return the next lines in order of capture, at least one if there is one, up to ``max_bytes``."""
        entries: list[Entry] = []
        taken_bytes = 0
        while taken_bytes < max_bytes:
            lane = self._next_lane()
            if lane is None:
                break
            entry = self._entry(lane, lane.pop())
            taken_bytes += entry.cost_bytes
            entries.append(entry)
            if not len(entries) % _YIELD_EVERY:
                time.sleep(0)  # offer the GIL: somebody may wait for it in log()
        until = self.ordinary.done_until, self.important.done_until
        return Taken(entries, lambda: ACKNOWLEDGED.pack_into(self.view, ACKNOWLEDGED_AT, *until))

    def _written(self) -> int:
        return self.ordinary.written + self.important.written

    def _next_lane(self) -> Lane | None:
        ordinary, important = self.ordinary.peek(), self.important.peek()
        if ordinary is None or important is None:
            return self.important if important is not None else self.ordinary if ordinary is not None else None
        return self.important if important.ts_ns < ordinary.ts_ns else self.ordinary

    def _entry(self, lane: Lane, record: Record) -> Entry:
        ts_ns = self._streams[record.stream].stamp(self._corrected(record.ts_ns))
        if ts_ns != record.ts_ns:
            lane.restamp(record.first, ts_ns)
        line = record.line.decode("utf-8", "replace")
        return Entry(
            record.first, self._fixed[record.stream], ts_ns, line, self._metadata_of(record), len(line) + _ENTRY_BYTES
        )

    def _metadata_of(self, record: Record) -> Mapping[str, str] | None:
        if record.metadata:
            return metadata_of(record, self.pid)
        if record.rank not in self._metadata:
            self._metadata[record.rank] = metadata_of(record, self.pid)
        return self._metadata[record.rank]

    def _cut(self, line: str) -> bytes:
        data = line.encode("utf-8", "replace")
        if len(data) <= self._max_record_bytes:
            return data
        head = data[: self._max_record_bytes - 64].decode("utf-8", "ignore")
        return f"{head}…[cut {len(data) - len(head.encode())} bytes]".encode()

    def _append_parts(self, lane: Lane, kind: int, ts_ns: int, data: bytes, line_bytes: int) -> None:
        pieces = [data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)]
        first = 0
        for number, piece in enumerate(pieces):
            sequence, at = lane.place()
            first = first or sequence
            content = PART.pack(first, number, len(pieces), line_bytes) + piece
            check = zlib.adler32(content)
            SLOT.pack_into(self.view, at, check, kind | PART_FLAG, sequence, ts_ns, len(content), 0, content)
        self._more_slots += len(pieces) - 1


def _mapped(path: Path | None, size: int) -> mmap.mmap:
    # Pages are touched now, so that no inference thread has to wait for one.
    flags = mmap.MAP_SHARED | _MAP_POPULATE
    if path is None:
        return mmap.mmap(-1, size, flags)
    descriptor = os.open(str(path), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        # Every page gets its place on the disk now: a full disk would kill the process at the first touch later.
        _allocate(descriptor, size)
        return mmap.mmap(descriptor, size, flags)
    except OSError:
        os.unlink(str(path))
        raise
    finally:
        os.close(descriptor)


def _allocate(descriptor: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.write(descriptor, bytes(size))
