"""One record of the log: one accepted batch of one tenant.

    length   uint32   bytes of payload
    crc32c   uint32   over type and payload
    type     uint8    1 = rows
    payload  sequence uint64, tenant length uint16, tenant, rows (see ``rows``)

All integers are little-endian. A record never spans files.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import google_crc32c
import pyarrow as pa

from storage.batch import Batch
from storage.wal.rows import END_OF_ROWS, KnownStreams, decode_rows, encode_rows

__all__ = ["FILE_HEADER", "BadRecord", "Record", "encode", "read_records"]

FILE_HEADER = b"SKALDWAL" + struct.pack("<I", 1)
_HEAD = struct.Struct("<IIB")
_PAYLOAD_HEAD = struct.Struct("<QH")
_ROWS = 1
_MAX_ENDS = 256  # tried when a damaged length leads nowhere, because each may cost a checksum over the rest of the file


@dataclass(frozen=True, slots=True)
class Record:
    """``sequence`` grows by one with each record of a log, over all tenants."""

    sequence: int
    tenant: str
    batch: Batch


@dataclass(frozen=True, slots=True)
class BadRecord:
    """Bytes that cannot be read as a record: from ``offset`` to ``stop``, where the next record or the end is."""

    offset: int
    stop: int
    cause: str
    is_cut_off: bool = False


def encode(record: Record) -> list[bytes]:
    """The bytes of a record, in pieces to be written in this order."""
    tenant = record.tenant.encode()
    rows = encode_rows(record.batch)
    head = _PAYLOAD_HEAD.pack(record.sequence, len(tenant)) + tenant
    checksum = google_crc32c.extend(google_crc32c.value(bytes([_ROWS]) + head), rows)
    return [_HEAD.pack(len(head) + len(rows), checksum, _ROWS) + head, rows]


def read_records(data: bytes, known: KnownStreams | None = None) -> Iterator[Record | BadRecord]:
    """The records of a file in their order, and what is damaged between and after them.

    ``known`` gets the streams of the records: given with the next file, equal ones are the same there.
    """
    known = {} if known is None else known
    if not data.startswith(FILE_HEADER):
        if data:
            is_cut_off = FILE_HEADER.startswith(data)
            yield BadRecord(0, len(data), "not a log file of a version that this program knows", is_cut_off)
        return
    offset = len(FILE_HEADER)
    while offset < len(data):
        record = _read_record(data, offset, known)
        yield record
        offset = record.stop if isinstance(record, BadRecord) else _stop(data, offset)


def _read_record(data: bytes, offset: int, known: KnownStreams) -> Record | BadRecord:
    cause = _defect(data, offset)
    if cause is None:
        try:
            return _decode(memoryview(data)[offset + _HEAD.size : _stop(data, offset)], known)
        except (pa.ArrowException, ValueError, KeyError, TypeError, struct.error) as error:
            return BadRecord(offset, _stop(data, offset), f"the rows cannot be decoded: {error}")
    stop = _next_record(data, offset)
    is_unfinished = stop is None and (_is_cut_off(data, offset) or not any(data[offset:]))
    return BadRecord(offset, len(data) if stop is None else stop, cause, is_unfinished)


def _next_record(data: bytes, offset: int) -> int | None:
    """Where a good record, or the end, follows the damaged one at ``offset``: behind its length or behind its rows."""
    own = [] if _is_cut_off(data, offset) else [_stop(data, offset)]
    stops = itertools.chain(own, itertools.islice(_ends_of_rows(data, offset), _MAX_ENDS))
    return next((stop for stop in stops if stop == len(data) or _defect(data, stop) is None), None)


def _ends_of_rows(data: bytes, offset: int) -> Iterator[int]:
    """Each place behind what looks like the end of a record's rows; no line of text can look like it."""
    place = data.find(END_OF_ROWS, offset)
    while place >= 0:
        yield place + len(END_OF_ROWS)
        place = data.find(END_OF_ROWS, place + 1)


def _defect(data: bytes, offset: int) -> str | None:
    if _is_cut_off(data, offset):
        return "the record is cut off"
    _, checksum, kind = _HEAD.unpack_from(data, offset)
    if google_crc32c.value(data[offset + _HEAD.size - 1 : _stop(data, offset)]) != checksum:
        return "checksum mismatch"
    return None if kind == _ROWS else f"record type {kind} is unknown"


def _is_cut_off(data: bytes, offset: int) -> bool:
    return len(data) - offset < _HEAD.size or _stop(data, offset) > len(data)


def _stop(data: bytes, offset: int) -> int:
    """Where the record at ``offset`` ends by its own account."""
    length, _, _ = _HEAD.unpack_from(data, offset)
    return offset + _HEAD.size + int(length)


def _decode(payload: memoryview, known: KnownStreams) -> Record:
    sequence, tenant_length = _PAYLOAD_HEAD.unpack_from(payload)
    start = _PAYLOAD_HEAD.size
    tenant = bytes(payload[start : start + tenant_length]).decode()
    return Record(sequence, tenant, decode_rows(payload[start + tenant_length :], known))
