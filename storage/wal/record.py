"""One record of the log: one accepted batch of one tenant.

    length   uint32   bytes of payload
    crc32c   uint32   over type and payload
    type     uint8    1 = rows
    payload  sequence uint64, tenant length uint16, tenant, Arrow IPC stream of one record batch

All integers are little-endian. A record never spans files.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import google_crc32c
import pyarrow as pa

from storage.batch import Batch
from storage.columns import to_arrow, to_batch

__all__ = ["FILE_HEADER", "BadRecord", "Record", "encode", "read_records"]

FILE_HEADER = b"SKALDWAL" + struct.pack("<I", 1)
_HEAD = struct.Struct("<IIB")
_PAYLOAD_HEAD = struct.Struct("<QH")
_ROWS = 1


@dataclass(frozen=True, slots=True)
class Record:
    """``sequence`` grows by one with each record of a log, over all tenants."""

    sequence: int
    tenant: str
    batch: Batch


@dataclass(frozen=True, slots=True)
class BadRecord:
    """The first byte that cannot be read as a record, and why."""

    offset: int
    cause: str


def encode(record: Record) -> list[bytes]:
    """The bytes of a record, in pieces to be written in this order."""
    tenant = record.tenant.encode()
    arrow = to_arrow(record.batch)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, arrow.schema) as writer:
        writer.write_batch(arrow)
    rows = sink.getvalue().to_pybytes()
    head = _PAYLOAD_HEAD.pack(record.sequence, len(tenant)) + tenant
    checksum = google_crc32c.extend(google_crc32c.value(bytes([_ROWS]) + head), rows)
    return [_HEAD.pack(len(head) + len(rows), checksum, _ROWS) + head, rows]


def read_records(data: bytes) -> Iterator[Record | BadRecord]:
    """The records of a file; ends with a BadRecord where something else than the end of ``data`` ends them."""
    if data[: len(FILE_HEADER)] != FILE_HEADER:
        if data:
            yield BadRecord(0, "not a log file of a version that this program knows")
        return
    offset = len(FILE_HEADER)
    while offset < len(data):
        cause = _defect(data, offset)
        if cause is not None:
            yield BadRecord(offset, cause)
            return
        length, _, _ = _HEAD.unpack_from(data, offset)
        start = offset + _HEAD.size
        try:
            record = _decode(memoryview(data)[start : start + length])
        except (pa.ArrowException, ValueError, KeyError) as error:
            yield BadRecord(offset, f"the rows cannot be decoded: {error}")
            return
        yield record
        offset = start + length


def _defect(data: bytes, offset: int) -> str | None:
    if len(data) - offset < _HEAD.size:
        return "the record's head is cut off"
    length, checksum, kind = _HEAD.unpack_from(data, offset)
    start = offset + _HEAD.size
    if len(data) - start < length:
        return f"the record of {length} bytes is cut off"
    if google_crc32c.value(data[start - 1 : start + length]) != checksum:
        return "checksum mismatch"
    return None if kind == _ROWS else f"record type {kind} is unknown"


def _decode(payload: memoryview) -> Record:
    sequence, tenant_length = _PAYLOAD_HEAD.unpack_from(payload)
    start = _PAYLOAD_HEAD.size
    tenant = bytes(payload[start : start + tenant_length]).decode()
    # A copy is aligned, as kernels need it, and does not keep the whole file in memory.
    rows = bytes(payload[start + tenant_length :])
    with pa.ipc.open_stream(rows) as reader:
        return Record(sequence, tenant, to_batch(reader.read_next_batch()))
