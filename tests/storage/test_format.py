"""docs/format.md is enough to read everything: a reader that uses nothing of storage, written from that page."""

from __future__ import annotations

import io
import itertools
import json
import struct
from pathlib import Path
from typing import Any

import google_crc32c
import pyarrow as pa
import zstandard

from storage.labels import Labels
from storage.settings import StorageSettings
from tests.storage.databases import opened
from tests.storage.entries import Entry, batch_of

ENTRIES = [
    Entry(Labels({"app": "w\u00e9b", "env": "prod"}), -10, "second", frozenset({("level", "info")})),
    Entry(Labels({"app": "db"}), -30, "", frozenset()),
    Entry(Labels({"app": "w\u00e9b", "env": "prod"}), -20, "first", frozenset((f"k{n}", "v") for n in range(70))),
]
TENANT = "t\u00e9am/1"


def entries_in(table: Any) -> list[Entry]:
    streams = json.loads(table.schema.metadata[b"skaldlog.streams"])
    codes = table.column("stream").indices.to_pylist()
    times = table.column("ts").cast(pa.int64()).to_pylist()
    found = []
    for row, code, ts in zip(table.drop_columns(["ts"]).to_pylist(), codes, times, strict=True):
        metadata = {name.removeprefix("metadata."): text for name, text in row.items() if name.startswith("metadata.")}
        metadata |= dict(row.get("metadata") or [])
        pairs = frozenset((name, text) for name, text in metadata.items() if text is not None)
        found.append(Entry(Labels(map(tuple, streams[code])), ts, row["line"], pairs))
    return found


def rows_in(data: bytes) -> list[Entry]:
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
        pairs = frozenset((n, head["metadata"][n][c[row]]) for n, c in codes.items() if c[row] >= 0)
        line = lines[offsets[row] : offsets[row + 1]].decode()
        found.append(Entry(Labels(map(tuple, head["streams"][streams[row]])), times[row], line, pairs))
    return found


def records_of(data: bytes) -> list[tuple[int, str, list[Entry]]]:
    assert data[:8] == b"SKALDWAL"
    assert struct.unpack_from("<I", data, 8) == (1,)
    offset, records = 12, []
    while offset < len(data):
        length, checksum, kind = struct.unpack_from("<IIB", data, offset)
        assert google_crc32c.value(data[offset + 8 : offset + 9 + length]) == checksum
        assert kind == 1
        sequence, tenant_bytes = struct.unpack_from("<QH", data, offset + 9)
        rows = offset + 19 + tenant_bytes
        tenant = data[offset + 19 : rows].decode()
        records.append((sequence, tenant, rows_in(data[rows : offset + 9 + length])))
        offset += 9 + length
    return records


def test_the_log_is_read_from_the_page_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        database.append(TENANT, batch_of(ENTRIES[:2])).result(10)
        database.append(TENANT, batch_of(ENTRIES)).result(10)
    data = (tmp_path / "wal" / "000000000001.wal").read_bytes()
    assert records_of(data) == [(1, TENANT, ENTRIES[:2]), (2, TENANT, ENTRIES[2:])]


def test_a_part_is_read_from_the_page_alone(tmp_path: Path) -> None:
    with opened(tmp_path, StorageSettings(chunk_bytes=6)) as database:
        database.append(TENANT, batch_of(ENTRIES)).result(10)
        database.flush()
    (path,) = (tmp_path / "parts" / "t%C3%A9am%2F1" / "1969-12-31").glob("*.index")
    data = path.read_bytes()
    magic, version, crc32c, length = struct.unpack_from("<8sIIQ", data)
    assert (magic, version, crc32c) == (b"SKALDIDX", 2, google_crc32c.value(data[24 : 24 + length]))
    index = json.load(zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data[24 : 24 + length])))
    assert str(path) == f"{tmp_path}/parts/{index['key']}.index"
    assert path.name.startswith("-0000000000000000030--0000000000000000010-")
    assert (index["wal_sequence"], index["last_sequence"]) == (1, 1)
    assert index["streams"] == [[["app", "db"]], [["app", "w\u00e9b"], ["env", "prod"]]]
    assert index["newest_ts"] == [-30, -10]
    arrow = path.with_suffix(".arrow").read_bytes()
    assert len(arrow) == index["arrow_bytes"]
    chunks = index["chunks"]
    for chunk in chunks:
        assert google_crc32c.value(arrow[chunk["offset"] :][: chunk["stored_bytes"]]) == chunk["crc32c"]
    frame = arrow[: chunks[0]["offset"]] + arrow[chunks[-1]["offset"] + chunks[-1]["stored_bytes"] :]
    assert google_crc32c.value(frame) == index["frame_crc32c"]
    file = pa.ipc.open_file(arrow)
    assert json.loads(file.schema.metadata[b"skaldlog.part"]) == {
        "wal_sequence": 1,
        "last_sequence": 1,
        "replaces": [],
        "sections": ["counts"],
    }
    read = [entries_in(file.get_batch(number)) for number in range(file.num_record_batches)]
    assert read == [[ENTRIES[1], ENTRIES[2]], [ENTRIES[0]]]
    assert [(chunk["streams"], chunk["rows"], chunk["line_bytes"]) for chunk in chunks] == [
        ([0, 1], [1, 1], 5),
        ([1], [1], 6),
    ]
    offset, size, crc32c = index["sections"]["counts"]
    section = data[24 + length + offset :][:size]
    assert google_crc32c.value(section) == crc32c
    # The first chunk has a cell for each of its two rows, which are too few.
    assert counts_in(section) == ({"levels": [], "cells": [None, 1]}, [[1], [0], [-1], [1], [6]])


def counts_in(section: bytes) -> tuple[object, list[list[int]]]:
    """The head and the five columns of the section ``counts``."""
    body = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(section)).read()
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


def test_a_merged_part_is_read_from_the_page_alone(tmp_path: Path) -> None:
    with opened(tmp_path, StorageSettings(merges=False)) as database:
        for entry in ENTRIES:
            database.append(TENANT, batch_of([entry])).result(10)
            database.flush()
        database.merge_now()
    (path,) = (tmp_path / "parts").rglob("*.arrow")
    file = pa.ipc.open_file(path)
    about = json.loads(file.schema.metadata[b"skaldlog.part"])
    assert (about["wal_sequence"], about["last_sequence"], len(about["replaces"])) == (3, 3, 3)
    found = []
    for number in range(file.num_record_batches):
        chunk = file.get_batch(number)
        text = chunk.column("lines").to_pylist()[0].encode()
        lines, start, ts = [], 0, 0
        times = []
        for size, delta in zip(
            chunk.column("line.bytes").to_pylist(), chunk.column("ts.delta").to_pylist(), strict=True
        ):
            lines.append(text[start : start + size].decode())
            start, ts = start + size, ts + delta
            times.append(ts)
        plain = chunk.drop_columns(["lines", "line.bytes", "ts.delta"])
        plain = plain.append_column("ts", pa.array(times, pa.timestamp("ns", "UTC")))
        found += entries_in(plain.append_column("line", pa.array(lines)))
    assert found == [ENTRIES[1], ENTRIES[2], ENTRIES[0]]
