"""What a dead process left in its ring: every whole record that was not acknowledged, with the timestamp it had."""

from __future__ import annotations

import heapq
from pathlib import Path
from typing import Iterator

from ingest_client.clock import corrected_after_death
from ingest_client.entries.batch import Batch, Value
from ingest_client.entries.labels import LabelPairs
from ingest_client.ring.format import (
    ACKNOWLEDGED,
    ACKNOWLEDGED_AT,
    HEADER,
    MAGIC,
    SLOT_BYTES,
    SLOTS_AT,
    Record,
    Slot,
    metadata_of,
    read_slot,
    read_streams,
    whole_records,
)

__all__ = ["recover"]

_LINES_PER_BATCH = 2_000


def recover(path: Path) -> list[Batch]:
    """The batches to send; empty when the file is no ring. Raises OSError."""
    data = path.read_bytes()
    if len(data) < SLOTS_AT or data[:8] != MAGIC:
        return []
    _, pid, ordinary, important, offset_ns, boot_id = HEADER.unpack_from(data)
    if len(data) != SLOTS_AT + (ordinary + important) * SLOT_BYTES:
        return []
    acknowledged = ACKNOWLEDGED.unpack_from(data, ACKNOWLEDGED_AT)
    lanes = (
        _records(data, SLOTS_AT, ordinary, acknowledged[0]),
        _records(data, SLOTS_AT + ordinary * SLOT_BYTES, important, acknowledged[1]),
    )
    records = list(heapq.merge(*lanes, key=lambda record: record.ts_ns))
    move = corrected_after_death(offset_ns, boot_id, max((record.ts_ns for record in records), default=0))
    streams = read_streams(data)
    return list(_batches([record._replace(ts_ns=move(record.ts_ns)) for record in records], streams, pid))


def _records(data: bytes, start: int, slots: int, acknowledged: int) -> Iterator[Record]:
    found = (read_slot(data, start + number * SLOT_BYTES) for number in range(slots))
    parts: dict[int, list[Slot]] = {}
    waiting = [slot for slot in found if slot is not None and slot.sequence > acknowledged]
    for slot in sorted(waiting, key=lambda slot: slot.sequence):
        record = whole_records(slot, parts)
        if record is not None:
            yield record


def _batches(records: list[Record], streams: list[tuple[dict[str, str], dict[str, str]]], pid: int) -> Iterator[Batch]:
    for start in range(0, len(records), _LINES_PER_BATCH):
        piece = [record for record in records[start : start + _LINES_PER_BATCH] if record.stream < len(streams)]
        grouped: dict[LabelPairs, list[Value]] = {}
        for record in piece:
            labels, metadata = streams[record.stream]
            own = {**metadata, **(metadata_of(record, pid) or {})} or None
            value = (record.ts_ns, record.line.decode("utf-8", "replace"), own)
            grouped.setdefault(tuple(sorted(labels.items())), []).append(value)
        yield Batch(grouped, len(piece))
