"""Encodes a push request as Loki's protobuf message in a snappy block.

Fields: request 1 streams; stream 1 labels, 2 entries; entry 1 timestamp (1 seconds, 2 nanos), 2 line, 3 metadata
(1 name, 2 value).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

import pyarrow as pa

__all__ = ["encode_entry", "encode_push", "encode_stream", "label_text", "snappy"]

_NO_METADATA: dict[str, str] = {}


def label_text(labels: Mapping[str, str]) -> str:
    """``{a="b", c="d"}``."""
    return "{" + ", ".join(f"{name}={json.dumps(value)}" for name, value in sorted(labels.items())) + "}"


@lru_cache(maxsize=4096)
def varint(number: int) -> bytes:
    """Seven bits a byte, lowest first, the high bit set on all but the last."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field; ``number`` below 16."""
    return bytes((number << 3 | 2,)) + varint(len(content)) + content


def encode_entry(ts_ns: int, line: bytes, metadata: Mapping[str, str] = _NO_METADATA) -> bytes:
    """One entry as a field of its stream."""
    seconds, nanos = divmod(ts_ns, 1_000_000_000)
    # Not through the cache of varint(): nanoseconds never repeat.
    stamp = b"\x08" + varint(seconds) + b"\x10" + varint.__wrapped__(nanos)
    pairs = b"".join(field(3, field(1, name.encode()) + field(2, value.encode())) for name, value in metadata.items())
    return field(2, field(1, stamp) + field(2, line) + pairs)


def encode_stream(labels: str, entries: Iterable[bytes]) -> bytes:
    """One stream, by its label text and its encoded entries, as a field of the request."""
    return field(1, field(1, labels.encode()) + b"".join(entries))


def encode_push(streams: Iterable[bytes]) -> bytes:
    """The body of a push request."""
    return snappy(b"".join(streams))


def snappy(data: bytes) -> bytes:
    compressed: bytes = pa.compress(data, codec="snappy", asbytes=True)
    return compressed
