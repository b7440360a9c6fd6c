"""A batch as the JSON body of the push API, gzipped.

The body is made in small pieces: the JSON encoder keeps the GIL while it runs and zlib gives it back between pieces, so
a thread that waits for the GIL in a TensorRT call never waits for a whole batch.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

from ingest_client.entry import Entry, Stream

__all__ = ["encode_batch"]

_ENTRIES_PER_PIECE = 128
_GZIP_WINDOW_BITS = 31


def encode_batch(entries: list[Entry], max_line_bytes: int, gzip_level: int) -> bytes:
    """Return the body; timestamps become final here, so the body must be kept for every further try.

    ``gzip_level`` 0 leaves it uncompressed.
    """
    pieces = _pieces(_by_stream(entries), max_line_bytes)
    if not gzip_level:
        return b"".join(pieces)
    compressor = zlib.compressobj(gzip_level, zlib.DEFLATED, _GZIP_WINDOW_BITS)
    return b"".join([compressor.compress(piece) for piece in pieces] + [compressor.flush()])


def _by_stream(entries: list[Entry]) -> dict[Stream, list[Entry]]:
    groups: dict[Stream, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.stream, []).append(entry)
    return groups


def _pieces(groups: dict[Stream, list[Entry]], max_line_bytes: int) -> Iterator[bytes]:
    opening = '{"streams":['
    for stream, entries in groups.items():
        yield _utf8(f'{opening}{{"stream":{_dumps(dict(stream.labels))},"values":[')
        for start in range(0, len(entries), _ENTRIES_PER_PIECE):
            values = [_value(stream, entry, max_line_bytes) for entry in entries[start : start + _ENTRIES_PER_PIECE]]
            yield _utf8(("," if start else "") + _dumps(values)[1:-1])
        yield b"]}"
        opening = ","
    yield b"]}"


def _value(stream: Stream, entry: Entry, max_line_bytes: int) -> list[object]:
    stamp = str(stream.stamp(entry.ts_ns))
    line = _cut(entry.line, max_line_bytes)
    return [stamp, line, entry.metadata] if entry.metadata else [stamp, line]


def _cut(line: str, max_line_bytes: int) -> str:
    line = line if isinstance(line, str) else str(line)
    if len(line) * 4 <= max_line_bytes:  # fast path: no code point takes more than four bytes
        return line
    data = _utf8(line)
    if len(data) <= max_line_bytes:
        return line
    # The marker's own length depends on the number in it: reserve room for the longest.
    kept = max(0, max_line_bytes - len(f"…[cut {len(data)} bytes]".encode()))
    head = data[:kept].decode("utf-8", "ignore")
    return f"{head}…[cut {len(data) - len(_utf8(head))} bytes]"


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _utf8(text: str) -> bytes:
    # Lone surrogates have no UTF-8 form and their JSON escapes are refused by strict decoders: they become "?".
    return text.encode("utf-8", "replace")
