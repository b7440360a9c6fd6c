"""A decoder of push requests that shares nothing with the encoder under test: any field, any order, snappy by hand."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["decode_push", "unsnap"]

Entry = tuple[int, str, dict[str, str]]


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(field number, varint or content)."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        number, at = read_varint(data, at)
        if key & 7 == 0:
            yield key >> 3, number
            continue
        assert key & 7 == 2, "only varints and length-delimited fields are written"
        assert at + number <= len(data), "a field runs beyond its message"
        yield key >> 3, data[at : at + number]
        at += number


def contents(data: bytes, wanted: int) -> list[bytes]:
    return [content for number, content in fields(data) if number == wanted and isinstance(content, bytes)]


def unsnap(data: bytes) -> bytes:
    """A snappy block decompressed."""
    size, at = read_varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            length, at = _literal_length(tag >> 2, data, at)
            out += data[at : at + length]
            at += length
            continue
        width = (1, 2, 4)[(tag & 3) - 1]
        offset = int.from_bytes(data[at : at + width], "little")
        at += width
        length = (tag >> 2) + 1
        if width == 1:
            offset, length = offset | (tag >> 5) << 8, (tag >> 2 & 7) + 4
        for _ in range(length):
            out.append(out[-offset])
    assert len(out) == size
    return bytes(out)


def _literal_length(code: int, data: bytes, at: int) -> tuple[int, int]:
    if code < 60:
        return code + 1, at
    width = code - 59
    return int.from_bytes(data[at : at + width], "little") + 1, at + width


def decode_push(body: bytes) -> dict[str, list[Entry]]:
    """Entries (ns, line, metadata) by label text."""
    streams: dict[str, list[Entry]] = {}
    for stream in contents(unsnap(body), 1):
        entries = streams.setdefault(contents(stream, 1)[0].decode(), [])
        entries.extend(map(_entry, contents(stream, 2)))
    return streams


def _entry(data: bytes) -> Entry:
    stamp = dict(fields(contents(data, 1)[0]))
    seconds, nanos = stamp.get(1, 0), stamp.get(2, 0)
    assert isinstance(seconds, int)
    assert isinstance(nanos, int)
    pairs = [(contents(pair, 1)[0].decode(), contents(pair, 2)[0].decode()) for pair in contents(data, 3)]
    return seconds * 10**9 + nanos, contents(data, 2)[0].decode(), dict(pairs)
