"""A batch as a body of the push API: snappy protobuf or JSON, gzipped.

The body is made in small pieces and the GIL is offered between them: a thread that waits for it in a TensorRT call
never waits for a whole batch.
"""

from __future__ import annotations

import json
import time
import zlib
from typing import Iterator, Mapping, Sequence

from ingest_client.entries.batch import Batch, Value
from ingest_client.entries.labels import LabelPairs

__all__ = ["encode_batch"]

_VALUES_PER_PIECE = 128
_GZIP_WINDOW_BITS = 31
_LITERAL_BYTES = 1 << 16
# A snappy literal whose length follows in two bytes.
_LITERAL_TAG = b"\xf4"


def encode_batch(batch: Batch, wire: str, gzip_level: int) -> tuple[bytes, dict[str, str]]:
    """Return the body and its headers; ``wire`` is ``protobuf`` or ``json``, ``gzip_level`` 0 leaves gzip out.

    Snappy is written as literals: it satisfies the format, and gzip around it compresses better than snappy would.
    """
    if wire == "json":
        headers = {"Content-Type": "application/json"}
        body = b"".join(_json_pieces(batch.streams))
    else:
        headers = {"Content-Type": "application/x-protobuf"}
        body = _snappy_literals(b"".join(_stream_message(*stream) for stream in batch.streams.items()))
    if not gzip_level:
        return body, headers
    compressor = zlib.compressobj(gzip_level, zlib.DEFLATED, _GZIP_WINDOW_BITS)
    return compressor.compress(body) + compressor.flush(), {**headers, "Content-Encoding": "gzip"}


def _json_pieces(streams: Mapping[LabelPairs, Sequence[Value]]) -> Iterator[bytes]:
    opening = '{"streams":['
    for labels, values in streams.items():
        yield _utf8(f'{opening}{{"stream":{_dumps(dict(labels))},"values":[')
        for start in range(0, len(values), _VALUES_PER_PIECE):
            piece = [_json_value(*value) for value in values[start : start + _VALUES_PER_PIECE]]
            yield _utf8(("," if start else "") + _dumps(piece)[1:-1])
            time.sleep(0)
        yield b"]}"
        opening = ","
    yield b"]}"


def _json_value(ts_ns: int, line: str, metadata: Mapping[str, str] | None) -> list[object]:
    return [str(ts_ns), line, metadata] if metadata else [str(ts_ns), line]


def _stream_message(labels: LabelPairs, values: Sequence[Value]) -> bytes:
    text = "{" + ", ".join(f"{name}={_dumps(value)}" for name, value in labels) + "}"
    pieces = [_field(0x0A, _utf8(text))]
    # Lines share few metadata objects, which are encoded once each.
    known: dict[int, bytes] = {}
    for number, (ts_ns, line, metadata) in enumerate(values):
        if not number % _VALUES_PER_PIECE:
            time.sleep(0)
        suffix = b""
        if metadata:
            suffix = known.get(id(metadata)) or known.setdefault(id(metadata), _metadata_message(metadata))
        pieces.append(_field(0x12, _timestamp(ts_ns) + _field(0x12, _utf8(line)) + suffix))
    return _field(0x0A, b"".join(pieces))


def _timestamp(ts_ns: int) -> bytes:
    seconds, nanoseconds = divmod(ts_ns, 1_000_000_000)
    message = b"\x08" + _varint(seconds & 0xFFFFFFFFFFFFFFFF)
    return _field(0x0A, message + b"\x10" + _varint(nanoseconds) if nanoseconds else message)


def _metadata_message(metadata: Mapping[str, str]) -> bytes:
    pairs = (_field(0x0A, _utf8(name)) + _field(0x12, _utf8(value)) for name, value in metadata.items())
    return b"".join(_field(0x1A, pair) for pair in pairs)


def _field(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:  # fast path: one byte of length
        return bytes((tag, length)) + content
    return bytes((tag,)) + _varint(length) + content


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _snappy_literals(data: bytes) -> bytes:
    pieces = [_varint(len(data))]
    for start in range(0, len(data), _LITERAL_BYTES):
        literal = data[start : start + _LITERAL_BYTES]
        pieces += (_LITERAL_TAG, (len(literal) - 1).to_bytes(2, "little"), literal)
    return b"".join(pieces)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _utf8(text: str) -> bytes:
    # Lone surrogates have no UTF-8 form and their JSON escapes are refused by strict decoders: they become "?".
    return text.encode("utf-8", "replace")
