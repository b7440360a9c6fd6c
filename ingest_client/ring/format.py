"""Bytes of a ring: a header, the streams, then two lanes of slots of 512 bytes, ordinary and important.

A slot holds a record or a part of one: checksum of the data, kind (stream number, rank, flag for parts), sequence
number, nanoseconds, and the sizes of the data and of the line in it; what follows the line is its metadata as JSON.
Parts begin with the sequence number of the first, their number, their count, and the size of the whole line.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import Mapping, NamedTuple, Sequence

from ingest_client.entries.severities import LEVELS

__all__ = [
    "ACKNOWLEDGED",
    "ACKNOWLEDGED_AT",
    "DATA_BYTES",
    "HEADER",
    "MAGIC",
    "NO_RANK",
    "PART",
    "PART_BYTES",
    "PART_FLAG",
    "SLOT",
    "SLOTS_AT",
    "SLOT_BYTES",
    "SLOT_HEADER",
    "STAMP",
    "STAMP_AT",
    "STREAMS_AT",
    "STREAM_SIZE",
    "Record",
    "Slot",
    "metadata_of",
    "read_slot",
    "read_streams",
    "whole_records",
]

MAGIC = b"SKRING01"
# Magic, process, slots of both lanes, wall clock minus boot clock in ns, and the boot it was measured in.
HEADER = struct.Struct("<8sIIIq36s")
# How far each lane is done with.
ACKNOWLEDGED = struct.Struct("<QQ")
ACKNOWLEDGED_AT = 128
STREAMS_AT = 4096
STREAM_SIZE = struct.Struct("<I")
SLOTS_AT = 1 << 16

SLOT_BYTES = 512
SLOT_HEADER = struct.Struct("<IIQqHH")
DATA_BYTES = SLOT_BYTES - SLOT_HEADER.size
SLOT = struct.Struct(f"<IIQqHH{DATA_BYTES}s")
STAMP = struct.Struct("<q")
STAMP_AT = 16
PART = struct.Struct("<QIII")
PART_BYTES = DATA_BYTES - PART.size
PART_FLAG = 1 << 31
# In the place of a severity: the metadata has the level, if there is one.
NO_RANK = 7


class Slot(NamedTuple):
    """A slot as it was written."""

    kind: int
    sequence: int
    ts_ns: int
    line_bytes: int
    data: bytes


class Record(NamedTuple):
    """A whole record; ``first`` and ``last`` are the sequence numbers of its slots."""

    first: int
    last: int
    ts_ns: int
    stream: int
    rank: int
    line: bytes
    metadata: bytes


def read_slot(view: Sequence[int], at: int) -> Slot | None:
    """The slot at this place; None when it is empty or torn."""
    check, kind, sequence, ts_ns, size, line_bytes = SLOT_HEADER.unpack_from(view, at)  # type: ignore[arg-type]
    data = bytes(view[at + SLOT_HEADER.size : at + SLOT_HEADER.size + min(size, DATA_BYTES)])
    if not sequence or zlib.adler32(data) != check:
        return None
    return Slot(kind, sequence, ts_ns, line_bytes, data)


def whole_records(slot: Slot, parts: dict[int, list[Slot]]) -> Record | None:
    """The record that ends with this slot; None while parts are missing, which wait in ``parts`` by their first."""
    rank, stream = slot.kind & 0xFF, (slot.kind & ~PART_FLAG) >> 8
    if not slot.kind & PART_FLAG:
        line, metadata = slot.data[: slot.line_bytes], slot.data[slot.line_bytes :]
        return Record(slot.sequence, slot.sequence, slot.ts_ns, stream, rank, line, metadata)
    first, _, count, line_bytes = PART.unpack_from(slot.data)
    seen = parts.setdefault(first, [])
    seen.append(slot)
    if len(seen) < count:
        return None
    del parts[first]
    seen.sort(key=lambda part: part.sequence)
    data = b"".join(part.data[PART.size :] for part in seen)
    return Record(first, slot.sequence, seen[0].ts_ns, stream, rank, data[:line_bytes], data[line_bytes:])


def read_streams(view: bytes) -> list[tuple[dict[str, str], dict[str, str]]]:
    """(labels, metadata) of the streams, by number."""
    streams = []
    at = STREAMS_AT
    while at + STREAM_SIZE.size <= SLOTS_AT:
        (size,) = STREAM_SIZE.unpack_from(view, at)
        at += STREAM_SIZE.size
        if not 0 < size <= SLOTS_AT - at:
            break
        labels, metadata = json.loads(view[at : at + size])
        streams.append((labels, metadata))
        at += size
    return streams


def metadata_of(record: Record, pid: int) -> Mapping[str, str] | None:
    """The metadata of a record: its own, or the level and process of a TensorRT message."""
    own = json.loads(record.metadata) if record.metadata else None
    if record.rank == NO_RANK:
        return own
    level = {"level": LEVELS.get(record.rank, "info"), "pid": str(pid)}  # type: ignore[call-overload]
    return {**level, **own} if own else level
