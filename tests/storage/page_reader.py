"""A reader of all files, written from docs/format alone: it knows pyarrow, zstd and crc32c, and nothing of storage.

What a page says of sizes and checksums is asserted on the way.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import google_crc32c
import pyarrow as pa
import zstandard

__all__ = [
    "Index",
    "Row",
    "cells_of",
    "chunks_of",
    "log_records",
    "manifest_of",
    "may_be_of",
    "may_hold",
    "parsed_labels",
    "parts_below",
    "patterns_of",
    "read_index",
    "rows_of",
    "sealed_object",
    "sections_of",
]

Pairs = tuple[tuple[str, str], ...]


class Row(NamedTuple):
    """``labels`` and ``metadata`` sorted by name."""

    labels: Pairs
    ts: int
    line: str
    metadata: Pairs


class Index(NamedTuple):
    """The document of an index, and where its sections begin in ``data``."""

    path: Path
    document: dict[str, Any]
    data: bytes
    sections_offset: int


# log.md


def log_records(data: bytes) -> Iterator[tuple[int, str, list[Row]]]:
    """Sequence, tenant and rows of each record of an undamaged file."""
    assert data[:8] == b"SKALDWAL"
    assert struct.unpack_from("<I", data, 8) == (1,)
    offset = 12
    while offset < len(data):
        length, checksum, kind = struct.unpack_from("<IIB", data, offset)
        assert google_crc32c.value(data[offset + 8 : offset + 9 + length]) == checksum
        assert kind == 1
        sequence, tenant_bytes = struct.unpack_from("<QH", data, offset + 9)
        rows = offset + 19 + tenant_bytes
        yield sequence, data[offset + 19 : rows].decode(), _record_rows(data[rows : offset + 9 + length])
        offset += 9 + length


def _record_rows(data: bytes) -> list[Row]:
    (length,) = struct.unpack_from("<I", data)
    head = json.loads(data[4 : 4 + length])
    rows, start = head["rows"], 4 + length

    def column(code: str, count: int) -> tuple[Any, ...]:
        nonlocal start
        values = struct.unpack_from(f"<{count}{code}", data, start)
        start += struct.calcsize(f"<{count}{code}")
        return values

    times, streams, offsets = column("q", rows), column("i", rows), column("i", rows + 1)
    lines = data[start : start + head["line_bytes"]]
    start += head["line_bytes"]
    codes = {name: column("i", rows) for name in head["metadata"]}
    assert data[start:] == b"\xff\xfeSKALDEND\xfe\xff"
    found = []
    for row in range(rows):
        metadata = tuple(sorted((n, head["metadata"][n][c[row]]) for n, c in codes.items() if c[row] >= 0))
        line = lines[offsets[row] : offsets[row + 1]].decode()
        found.append(Row(_pairs(head["streams"][streams[row]]), times[row], line, metadata))
    return found


# part.md and index.md


def parts_below(folder: Path, tenant: str) -> list[Index]:
    """The parts of a tenant, in the order of their rows."""
    found = [
        read_index(path) for path in folder.rglob("*.index") if unquote(path.relative_to(folder).parts[0]) == tenant
    ]
    gone = {key for index in found for key in index.document["replaces"]}
    kept = [index for index in found if index.document["key"] not in gone]
    return sorted(kept, key=lambda index: int(index.document["last_sequence"]))


def read_index(path: Path) -> Index:
    data = path.read_bytes()
    magic, version, crc32c, length = struct.unpack_from("<8sIIQ", data)
    body = data[24 : 24 + length]
    assert (magic, version, crc32c) == (b"SKALDIDX", 3, google_crc32c.value(body))
    document = json.loads(_inflated(body))
    assert path.as_posix().endswith(f"/{document['key']}.index")
    return Index(path, document, data, 24 + length)


def sections_of(index: Index) -> dict[str, bytes]:
    contents = {}
    for name, (offset, size, crc32c) in index.document["sections"].items():
        contents[name] = index.data[index.sections_offset + offset :][:size]
        assert google_crc32c.value(contents[name]) == crc32c
    return contents


def chunks_of(index: Index) -> list[pa.RecordBatch]:
    """The record batches of a part, whose bytes and bounds are what its index says."""
    document, chunks = index.document, index.document["chunks"]
    arrow = index.path.with_suffix(".arrow").read_bytes()
    assert len(arrow) == document["arrow_bytes"]
    frame = arrow[: chunks[0]["offset"]] + arrow[chunks[-1]["offset"] + chunks[-1]["stored_bytes"] :]
    assert google_crc32c.value(frame) == document["frame_crc32c"]
    file = pa.ipc.open_file(arrow)
    about = json.loads(file.schema.metadata[b"skaldlog.part"])
    assert about["sections"] == list(document["sections"])
    assert all(about[name] == document[name] for name in ("wal_sequence", "last_sequence", "replaces"))
    batches = [file.get_batch(number) for number in range(file.num_record_batches)]
    for chunk, batch in zip(chunks, batches, strict=True):
        assert google_crc32c.value(arrow[chunk["offset"] :][: chunk["stored_bytes"]]) == chunk["crc32c"]
        _assert_described(chunk, rows_of(batch), [_pairs(stream) for stream in document["streams"]])
    return batches


def _assert_described(chunk: dict[str, Any], rows: list[Row], streams: list[Pairs]) -> None:
    runs = [(labels, len(list(run))) for labels, run in itertools.groupby(rows, key=lambda row: row.labels)]
    assert runs == [(streams[n], count) for n, count in zip(chunk["streams"], chunk["rows"], strict=True)]
    times = [row.ts for row in rows]
    assert (chunk["min_ts"], chunk["max_ts"]) == (min(times), max(times))
    assert chunk["line_bytes"] == sum(len(row.line.encode()) for row in rows)


def rows_of(batch: pa.RecordBatch) -> list[Row]:
    streams = json.loads(batch.schema.metadata[b"skaldlog.streams"])
    codes = batch.column("stream").indices.to_pylist()
    times, lines = _times_and_lines(batch)
    names = [name for name in batch.schema.names if name == "metadata" or name.startswith("metadata.")]
    rows = batch.select(["stream", *names]).to_pylist()
    found = []
    for code, ts, line, row in zip(codes, times, lines, rows, strict=True):
        metadata = {name.removeprefix("metadata."): text for name, text in row.items() if name.startswith("metadata.")}
        metadata |= dict(row.get("metadata") or [])
        pairs = tuple(sorted((name, text) for name, text in metadata.items() if text is not None))
        found.append(Row(_pairs(streams[code]), ts, line, pairs))
    return found


def _times_and_lines(batch: pa.RecordBatch) -> tuple[list[int], list[str]]:
    if "ts" in batch.schema.names:
        return batch.column("ts").cast(pa.int64()).to_pylist(), batch.column("line").to_pylist()
    head, *others = batch.column("ts.delta").to_pylist()
    assert not any(others)
    first, unit = struct.unpack_from("<qQ", head)
    steps = [(z >> 1) ^ -(z & 1) for z in _by_planes(head[16:], len(batch))]
    times = (first + unit * step for step in itertools.accumulate(steps))
    whole, *others = (text.encode() for text in batch.column("lines").to_pylist())
    assert not any(others)
    planes, *others = batch.column("line.bytes").to_pylist()
    assert not any(others)
    sizes = _by_planes(planes, len(batch))
    ends = list(itertools.accumulate(sizes))
    assert ends[-1] == len(whole)
    lines = [whole[end - size : end].decode() for size, end in zip(sizes, ends, strict=True)]
    return [(ts + 2**63) % 2**64 - 2**63 for ts in times], lines


def _by_planes(planes: bytes, rows: int) -> list[int]:
    return [int.from_bytes(planes[row::rows], "little") for row in range(rows)]


# counts.md


def cells_of(section: bytes) -> tuple[dict[str, Any], list[list[int]]]:
    """The head and the five columns."""
    body = _inflated(section)
    (length,) = struct.unpack_from("<I", body)
    head, planes = json.loads(body[4 : 4 + length]), body[4 + length :]
    cells = sum(filter(None, head["cells"]))
    columns: list[list[int]] = []
    for width, is_difference in ((4, True), (4, True), (4, True), (8, False), (8, False)):
        column, planes = planes[: cells * width], planes[cells * width :]
        numbers = [int.from_bytes(column[cell::cells], "little", signed=True) for cell in range(cells)]
        columns.append(list(itertools.accumulate(numbers)) if is_difference else numbers)
    assert not planes
    return head, columns


# patterns.md


def patterns_of(section: bytes) -> tuple[dict[str, Any], list[list[int]]]:
    """The head and the five columns."""
    body = _inflated(section)
    (length,) = struct.unpack_from("<I", body)
    head, planes = json.loads(body[4 : 4 + length]), body[4 + length :]
    cells = sum(filter(None, head["cells"]))
    assert len(planes) == 5 * 4 * cells
    columns = [
        [
            int.from_bytes(planes[4 * cells * number + cell : 4 * cells * (number + 1) : cells], "little", signed=True)
            for cell in range(cells)
        ]
        for number in range(5)
    ]
    return head, [*(list(itertools.accumulate(column)) for column in columns[:4]), columns[4]]


def may_be_of(written: str, line: str) -> bool:
    """Whether a line can be of a pattern as it is written down."""
    kind, text = written[0], written[1:]
    literals = ".+".join(re.escape(literal) for literal in text.split("<_>"))
    before, after = {"=": ("", ""), "~": ("", ".+"), "{": (".+", ".+")}[kind]
    return re.fullmatch(before + literals + after, line, re.DOTALL) is not None


# filters.md


def may_hold(section: bytes, text: str) -> list[bool]:
    """For each chunk whether some line or value may hold ``text``."""
    version, chunks = struct.unpack_from("<II", section)
    assert version == 1
    sizes = struct.unpack_from(f"<{3 * chunks}I", section, 8 + chunks)
    start, found = 8 + chunks + 12 * chunks, []
    for chunk in range(chunks):
        is_possible = True
        for kind in range(3):
            bits = sizes[kind * chunks + chunk]
            bitmap = section[start : start + (bits + 7) // 8]
            start += len(bitmap)
            places = [_slot(gram) * bits >> 23 for gram in _grams(kind, text)] if bits else []
            is_possible &= all(bitmap[place >> 3] & 1 << (place & 7) for place in places)
        found.append(is_possible)
    assert start == len(section)
    return found


def _grams(kind: int, text: str) -> Iterator[bytes]:
    data, size = text.encode().lower(), (3, 5, 6)[kind]
    for start in range(len(data) - size + 1):
        gram = data[start : start + size]
        has_digit = any(digit in gram for digit in b"0123456789")
        if kind < 2 and not has_digit:
            yield gram
        if kind == 2 and has_digit and set(gram) <= set(b"0123456789abcdefghijklmnopqrstuvwxyz."):
            yield gram


def _slot(gram: bytes) -> int:
    y = int.from_bytes(gram, "big") * 0x9E3779B97F4A7C15 % 2**64
    return ((y ^ y >> 32) * 0xD6E8FEB86659FD93 % 2**64) >> 41


# dense.md


def parsed_labels(batch: pa.RecordBatch, format_name: str) -> list[dict[str, str] | None]:
    """For each row the labels that columns tell; None where only the line does."""
    facts = json.loads(batch.column("dense")[0].as_py()).get(format_name)
    states = batch.column(format_name).to_pylist()
    if facts is None:
        assert set(states) == {2}
        return [None] * len(states)
    labels: list[dict[str, str]] = [{} for state in states if state == 1]
    for label, about in facts["columns"].items():
        column = batch.column(f"{format_name}.{label}")
        assert not any(any(value.as_py().values()) for value in column[1:])
        for row, text in zip(labels, _unpacked(column[0].as_py(), about), strict=True):
            row |= {} if text is None else {label: text}
    found = iter(labels)
    return [next(found) if state == 1 else {} if state == 0 else None for state in states]


def _unpacked(lists: dict[str, list[Any]], about: dict[str, Any]) -> list[str | None]:
    if "codes" in lists:
        return [lists["texts"][code - 1] if code else None for code in lists["codes"]]
    parts = zip(lists["high"], lists["middle"], lists["low"], strict=True)
    return [_number((high << 16) | (middle << 8) | low, about["scale"], about["suffix"]) for high, middle, low in parts]


def _number(value: int, scale: int, suffix: str) -> str | None:
    if value == -(2**31):
        return None
    digits = str(abs(value)).zfill(scale + 1)
    point = f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits
    return ("-" if value < 0 else "") + point + suffix


# backup.md


def manifest_of(folder: Path, backup_id: str) -> dict[str, bytes]:
    """The objects of a backup, by their names in the data folder."""
    manifest = sealed_object((folder / "manifests" / f"{backup_id}.json").read_bytes())
    assert (manifest["version"], manifest["id"]) == (1, backup_id)
    contents = {}
    for name, key, size, crc32c in manifest["objects"]:
        contents[name] = (folder / key).read_bytes()
        assert (len(contents[name]), google_crc32c.value(contents[name])) == (size, crc32c)
    return contents


def sealed_object(data: bytes) -> Any:
    """A delete request or a manifest."""
    document, checksum, nothing = data.split(b"\n")
    assert (int(checksum, 16), len(checksum), nothing) == (google_crc32c.value(document), 8, b"")
    return json.loads(document)


def _inflated(frame: bytes) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(frame)).read()


def _pairs(pairs: list[list[str]]) -> Pairs:
    return tuple((name, value) for name, value in pairs)
