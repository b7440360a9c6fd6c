"""A tiny protobuf encoder and decoder of answers: push requests as tests need them, also wrong ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson
import pyarrow as pa

from server.limits import PushLimits
from server.push.receive import Received, receive

NOW_NS = 1_795_366_524_407_194_888


@dataclass(frozen=True)
class Row:
    line: bytes = b"hello"
    ts: int = NOW_NS
    metadata: Mapping[str, str] = field(default_factory=dict)


def varint(number: int) -> bytes:
    number %= 2**64
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def block(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def number(field_number: int, value: int) -> bytes:
    return varint(field_number << 3) + varint(value)


def timestamp(ts: int) -> bytes:
    seconds, nanos = divmod(ts, 10**9)
    return number(1, seconds) + number(2, nanos)


def entry(row: Row) -> bytes:
    pairs = [block(1, name.encode()) + block(2, value.encode()) for name, value in row.metadata.items()]
    return block(1, timestamp(row.ts)) + block(2, row.line) + b"".join(block(3, pair) for pair in pairs)


def stream(labels: str | bytes, entries: Iterable[bytes]) -> bytes:
    text = labels.encode() if isinstance(labels, str) else labels
    return block(1, block(1, text) + b"".join(block(2, each) for each in entries))


def message(*streams: tuple[str, Iterable[Row]]) -> bytes:
    return b"".join(stream(labels, map(entry, rows)) for labels, rows in streams)


def snappy(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="snappy", asbytes=True))


def push_protobuf(*streams: tuple[str, Iterable[Row]], limits: PushLimits | None = None) -> Received:
    return push_message(message(*streams), limits)


def push_message(data: bytes, limits: PushLimits | None = None) -> Received:
    return receive(snappy(data), "application/x-protobuf", "", limits or PushLimits(), NOW_NS)


def push_json(*streams: tuple[Mapping[str, object], Iterable[Row]], limits: PushLimits | None = None) -> Received:
    body = {"streams": [{"stream": labels, "values": [value(row) for row in rows]} for labels, rows in streams]}
    return push_body(orjson.dumps(body), limits)


def push_body(body: bytes, limits: PushLimits | None = None) -> Received:
    return receive(body, "application/json", "", limits or PushLimits(), NOW_NS)


def value(row: Row) -> list[object]:
    return [str(row.ts), row.line.decode(), row.metadata] if row.metadata else [str(row.ts), row.line.decode()]


def rows_of(received: Received) -> list[tuple[str, int, str, dict[str, str]]]:
    """(labels, ts, line, metadata without the level) of the accepted rows."""
    batch = received.batch
    if batch is None:
        return []
    rows = []
    for row in range(len(batch)):
        metadata = batch.metadata_of(row)
        metadata.pop("detected_level", None)
        labels = batch.streams[batch.stream[row]].text
        rows.append((labels, int(batch.ts[row]), batch.line[row].as_py(), metadata))
    return rows


def levels_of(received: Received) -> list[str | None]:
    assert received.batch is not None
    return [received.batch.metadata_of(row).get("detected_level") for row in range(len(received.batch))]
