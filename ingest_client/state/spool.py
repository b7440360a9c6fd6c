"""The disk spool: batches that the server has not taken yet, in segments, over restarts and power loss.

A record is ``SKR1``, the length, CRC-32 and line count of its payload, and the payload. Records are taken in order from
the oldest; the cursor file says how far, and is allowed to lag: what is sent twice the server drops. A torn or damaged
record is skipped and counted. One thread of one process uses a spool (``folder.py`` sees to it).
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ingest_client.state.syncing import sync_folder

__all__ = ["SEGMENT_BYTES", "Record", "Spool"]

SEGMENT_BYTES = 8 << 20
_MARK = b"SKR1"
_HEADER = struct.Struct("<4sIII")
_SUFFIX = ".seg"
_CURSOR = "cursor"


class Record(NamedTuple):
    """One payload with where it ends, which is what ``acknowledge`` wants to know."""

    payload: bytes
    lines: int
    segment: int
    end: int


class Spool:
    """Appends behind, takes in front. ``dropped`` counts lines lost to the cap, ``damaged`` records that were skipped.

    Every method may raise OSError; the spool stays usable.
    """

    def __init__(self, folder: Path, cap_bytes: int, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.folder, self._cap_bytes, self._segment_bytes = folder, cap_bytes, segment_bytes
        self.dropped = self.damaged = 0
        self._writer: BinaryIO | None = None
        self._sizes: dict[int, int] = {}
        self._lines: dict[int, int] = {}
        self._cursor: tuple[int, int] = (0, 0)
        self._dirty = False
        self._open()

    @property
    def pending_lines(self) -> int:
        """Lines that wait in it."""
        return sum(self._lines.values())

    @property
    def pending_bytes(self) -> int:
        """What its segments take on the disk."""
        return sum(self._sizes.values())

    def append(self, payload: bytes, lines: int) -> None:
        """Write one record; durable after ``sync``. The oldest segments go when the cap is reached."""
        size = _HEADER.size + len(payload)
        self._make_room(size)
        writer = self._writer_for(size)
        segment = max(self._sizes)
        try:
            writer.write(_HEADER.pack(_MARK, len(payload), zlib.crc32(payload), lines) + payload)
            writer.flush()
        except OSError:
            # Part of a record may be there: readers skip it, and the next record gets a segment of its own.
            self._close_writer()
            raise
        self._sizes[segment] += size
        self._lines[segment] += lines
        self._dirty = True

    def sync(self) -> None:
        """Make everything appended so far survive a power loss."""
        if not self._dirty:
            return
        if self._writer is not None:
            os.fsync(self._writer.fileno())
        sync_folder(self.folder)
        self._dirty = False

    def peek(self) -> Record | None:
        """The oldest record that was not acknowledged; None when there is none."""
        for segment in sorted(self._sizes):
            if segment < self._cursor[0]:
                continue
            start = self._cursor[1] if segment == self._cursor[0] else 0
            record, damaged = _next_record(self._path(segment), start, segment)
            self.damaged += damaged
            if record is not None:
                return record
            self._skip_to_the_end_of(segment)
        return None

    def acknowledge(self, record: Record) -> None:
        """``record`` and all before it are done with."""
        self._cursor = (record.segment, record.end)
        if record.segment in self._lines:
            self._lines[record.segment] = max(0, self._lines[record.segment] - record.lines)
        for segment in [segment for segment in self._sizes if segment < record.segment]:
            self._delete(segment)
        if record.end >= self._sizes.get(record.segment, 0):
            self._close_writer_of(record.segment)
            self._delete(record.segment)
        self._save_cursor()

    def close(self) -> None:
        """Make it durable and let go of the file."""
        self.sync()
        self._close_writer()

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in self.folder.glob(f"*{_SUFFIX}"):
            if path.stem.isdigit():
                self._sizes[int(path.stem)] = path.stat().st_size
        self._cursor = self._read_cursor()
        for segment in sorted(self._sizes):
            start = self._cursor[1] if segment == self._cursor[0] else 0
            self._lines[segment] = 0 if segment < self._cursor[0] else _count_lines(self._path(segment), start)

    def _read_cursor(self) -> tuple[int, int]:
        """Where to go on; without a good one everything is sent again, and the server drops what it has."""
        try:
            segment, offset = json.loads((self.folder / _CURSOR).read_text())
            segment, offset = int(segment), int(offset)
        except (OSError, ValueError, TypeError):
            return 0, 0
        good = (
            offset <= self._sizes[segment] if segment in self._sizes else segment <= min(self._sizes, default=segment)
        )
        return (segment, offset) if good else (0, 0)

    def _path(self, segment: int) -> Path:
        return self.folder / f"{segment:010d}{_SUFFIX}"

    def _writer_for(self, size: int) -> BinaryIO:
        newest = max(self._sizes, default=self._cursor[0])
        if self._writer is None or self._sizes[newest] + size > self._segment_bytes:
            self.sync()
            self._close_writer()
            path = self._path(newest + 1)
            self._writer = os.fdopen(
                os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb"
            )
            self._sizes[newest + 1] = self._lines[newest + 1] = 0
        return self._writer

    def _make_room(self, size: int) -> None:
        while self._sizes and self.pending_bytes + size > self._cap_bytes:
            oldest = min(self._sizes)
            self._close_writer_of(oldest)
            self.dropped += self._lines[oldest]
            self._delete(oldest)

    def _skip_to_the_end_of(self, segment: int) -> None:
        self._lines[segment] = 0
        if self._writer is None or segment != max(self._sizes):
            self._delete(segment)

    def _delete(self, segment: int) -> None:
        del self._sizes[segment], self._lines[segment]
        if segment >= self._cursor[0]:
            self._cursor = (segment + 1, 0)
        with contextlib.suppress(FileNotFoundError):
            self._path(segment).unlink()

    def _close_writer_of(self, segment: int) -> None:
        if self._writer is not None and segment == max(self._sizes):
            self._close_writer()

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def _save_cursor(self) -> None:
        aside = self.folder / f"{_CURSOR}.new"
        aside.write_text(json.dumps(self._cursor))
        os.replace(str(aside), str(self.folder / _CURSOR))


def _next_record(path: Path, start: int, segment: int) -> tuple[Record | None, int]:
    """The first whole record at or after ``start``, and how many damaged places lie before it."""
    damaged = 0
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(_HEADER.size)
            while data:
                record = _read_record(file, data, start, segment)
                if record is not None:
                    return record, damaged
                damaged += 1
                start = _next_mark(path, start + 1)
                file.seek(start)
                data = file.read(_HEADER.size)
    except FileNotFoundError:
        damaged += 1
    return None, damaged


def _read_record(file: BinaryIO, header: bytes, start: int, segment: int) -> Record | None:
    if len(header) < _HEADER.size:
        return None
    mark, length, crc, lines = _HEADER.unpack(header)
    if mark != _MARK:
        return None
    payload = file.read(length)
    if len(payload) != length or zlib.crc32(payload) != crc:
        return None
    return Record(payload, lines, segment, start + _HEADER.size + length)


def _next_mark(path: Path, start: int) -> int:
    data = path.read_bytes()
    found = data.find(_MARK, start)
    return found if found >= 0 else len(data)


def _count_lines(path: Path, start: int) -> int:
    lines = 0
    while True:
        record, _ = _next_record(path, start, 0)
        if record is None:
            return lines
        lines, start = lines + record.lines, record.end
