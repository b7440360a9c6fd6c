"""docs/format is enough to read everything: what a reader written from these pages finds is what was written."""

from __future__ import annotations

import ast
import itertools
import json
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import google_crc32c
import pytest
import xxhash

from logql.dense.readers import line_readers
from logql.patterns import PatternMiner
from storage.backup import back_up
from storage.deletes import DeleteRequest
from storage.labels import Labels
from storage.policies import Policies
from storage.settings import StorageSettings
from storage.stores import DiskStore, S3Settings
from tests.buckets.seaweed import bucket_client
from tests.storage import page_reader
from tests.storage.databases import NEVER_FLUSHES, opened
from tests.storage.entries import Entry, batch_of
from tests.storage.page_reader import (
    Index,
    Row,
    cells_of,
    chunks_of,
    log_records,
    manifest_of,
    may_be_of,
    may_hold,
    parsed_labels,
    parts_below,
    patterns_of,
    rows_of,
    sealed_object,
    sections_of,
)

PAGES = Path(__file__).parents[2] / "docs" / "format"
TENANT, FOLDER = "t\u00e9am/1", "t%C3%A9am%2F1"
SECOND = 10**9

ENTRIES = [
    Entry(Labels({"app": "w\u00e9b", "env": "prod"}), -10, "second", frozenset({("level", "info")})),
    Entry(Labels({"app": "db"}), -30, "", frozenset()),
    Entry(Labels({"app": "w\u00e9b", "env": "prod"}), -20, "first", frozenset((f"k{n}", "v") for n in range(70))),
]


def row_of(entry: Entry) -> Row:
    return Row(entry.labels.pairs, entry.ts, entry.line, tuple(sorted(entry.metadata)))


def in_order(entries: Sequence[Entry]) -> list[Row]:
    return [row_of(entry) for entry in sorted(entries, key=lambda entry: (entry.labels.text, entry.ts))]


def fleet(first: int, rows: int) -> list[Entry]:
    """JSON, logfmt, and text, a line each second of two streams; what the formats hold is in ``expected_labels``."""
    rng, found = random.Random(first), []
    for number in range(first, first + rows):
        level, took = rng.choice(["info", "warn", "error"]), rng.randrange(-900, 90_000) / 1000
        fields = {"level": level, "took": f"{took:.3f}ms", "gpu": {"id": rng.randrange(8)}, "trace": f"{rng.random()}"}
        line = (
            json.dumps(fields),
            f"level={level} took={took:.3f}ms status={rng.choice([200, 500])}",
            f'{{"level": "{level}", "took":',
            f"\u00fcber layer {rng.randrange(50)} 0x{rng.getrandbits(48):012x}",
        )[number % 4]
        metadata = frozenset({("detected_level", level), ("trace_id", f"{rng.getrandbits(64):016x}")})
        found.append(Entry(Labels({"app": f"app{number % 2}"}), number * SECOND, line, metadata))
    return found


def expected_labels(format_name: str, line: str) -> dict[str, str]:
    """The labels of a line that has no error."""
    if format_name == "logfmt":
        return dict(word.split("=") for word in line.split())
    fields = json.loads(line)
    gpu = fields.pop("gpu")
    return {**fields, "gpu_id": str(gpu["id"])}


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Entry]]:
    """A data folder in which two parts have been merged and are still there, and its rows."""
    folder, entries = tmp_path_factory.mktemp("merged"), [fleet(0, 1500), fleet(1500, 1500)]
    settings = replace(NEVER_FLUSHES, chunk_bytes=64 << 10, merges=False, dense_share=1.0)
    with opened(folder / "data", settings, Policies(line_readers=line_readers(), line_miner=PatternMiner)) as database:
        for own in entries:
            database.append(TENANT, batch_of(own)).result(10)
            database.flush()
        with database.reading(TENANT):
            assert database.merge_now() == 1
            shutil.copytree(folder / "data", folder / "copy")
    return folder / "copy", [*entries[0], *entries[1]]


@pytest.fixture(scope="module")
def part(merged: tuple[Path, list[Entry]]) -> Index:
    (found,) = parts_below(merged[0] / "parts", TENANT)
    return found


def test_the_reader_knows_nothing_but_the_pages() -> None:
    tree = ast.parse(Path(page_reader.__file__).read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {each.module if isinstance(each, ast.ImportFrom) else each.names[0].name for each in imports}
    foreign = {str(name).partition(".")[0] for name in names} & {"storage", "logql", "server", "tests"}
    assert foreign == set()


def test_all_pages_are_named_on_the_first_and_all_links_lead_somewhere() -> None:
    first = (PAGES / "README.md").read_text()
    for page in PAGES.glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in first
        for target in page.read_text().split("](")[1:]:
            name = target.partition(")")[0].partition("#")[0]
            assert name.startswith("http") or not name or (PAGES / name).is_file(), f"{page.name}: {name}"


def test_the_log(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        database.append(TENANT, batch_of(ENTRIES[:2])).result(10)
        database.append(TENANT, batch_of(ENTRIES)).result(10)
    data = (tmp_path / "wal" / "000000000001.wal").read_bytes()
    expected = [(1, TENANT, [*map(row_of, ENTRIES[:2])]), (2, TENANT, [row_of(ENTRIES[2])])]
    assert list(log_records(data)) == expected


def test_a_flushed_part(tmp_path: Path) -> None:
    with opened(tmp_path, StorageSettings(chunk_bytes=6)) as database:
        database.append(TENANT, batch_of(ENTRIES)).result(10)
        database.flush()
    (index,) = parts_below(tmp_path / "parts", TENANT)
    document = index.document
    assert document["key"].startswith(f"{FOLDER}/1969-12-31/-0000000000000000030--0000000000000000010-")
    assert (document["wal_sequence"], document["last_sequence"], document["replaces"]) == (1, 1, [])
    assert document["streams"] == [[["app", "db"]], [["app", "w\u00e9b"], ["env", "prod"]]]
    assert document["newest_ts"] == [-30, -10]
    assert document["metadata_names"] == sorted(["level", *(f"k{n}" for n in range(70))])
    chunks = chunks_of(index)
    assert "metadata" in chunks[0].schema.names
    assert [rows_of(chunk) for chunk in chunks] == [[row_of(ENTRIES[1]), row_of(ENTRIES[2])], [row_of(ENTRIES[0])]]
    sections = sections_of(index)
    assert sections.keys() == {"counts"}
    # The first chunk has a cell for each of its two rows: one more than may be.
    assert cells_of(sections["counts"]) == ({"levels": [], "cells": [None, 1]}, [[1], [0], [-1], [1], [6]])


def test_a_merged_part_stands_for_those_that_it_replaces(merged: tuple[Path, list[Entry]], part: Index) -> None:
    folder, entries = merged
    assert len(list(folder.rglob("*.index"))) == 3
    assert len(part.document["replaces"]) == 2
    assert part.document["last_sequence"] == 2
    chunks = chunks_of(part)
    assert len(chunks) > 2
    assert {"ts.delta", "line.bytes", "lines"} <= set(chunks[0].schema.names)
    assert [row for chunk in chunks for row in rows_of(chunk)] == in_order(entries)


@pytest.mark.parametrize(("format_name", "beginning"), [("json", "{"), ("logfmt", "level=")])
def test_dense_columns(part: Index, format_name: str, beginning: str) -> None:
    told: Counter[str] = Counter()
    for chunk in chunks_of(part):
        for row, labels in zip(rows_of(chunk), parsed_labels(chunk, format_name), strict=True):
            if format_name == "json" and row.line.endswith('"took":'):
                assert labels is None
            elif row.line.startswith(beginning):
                assert labels is not None
                assert labels.items() <= expected_labels(format_name, row.line).items()
                told.update(labels.keys())
            elif format_name == "json":
                assert labels == {}
    assert {"took", "level"} <= told.keys()
    assert told["took"] == 750


def test_facts_tell_which_lines_have_a_label(part: Index) -> None:
    pairs = 0
    for chunk in chunks_of(part):
        lines = [row.line for row in rows_of(chunk)]
        for format_name, facts in json.loads(chunk.column("dense")[0].as_py()).items():
            found = [state == 1 for state in chunk.column(format_name).to_pylist()]
            assert facts["labels"] is None or facts["columns"].keys() <= set(facts["labels"])
            for least, most in facts["always"]:
                assert least in most
                for text in (least, most):
                    assert [text in line for line in lines] == found
                    pairs += 1
    assert pairs > 0


def test_counts(part: Index) -> None:
    head, (streams, minutes, levels, rows, line_bytes) = cells_of(sections_of(part)["counts"])
    texts = [*head["levels"], None]
    place = 0
    for size, chunk in zip(head["cells"], chunks_of(part), strict=True):
        cells = range(place, place + (size or 0))
        place += size or 0
        expected: Counter[object] = Counter()
        expected_bytes: Counter[object] = Counter()
        for row in rows_of(chunk):
            number = part.document["streams"].index([list(pair) for pair in row.labels])
            cell = number, -(-row.ts // (60 * SECOND)), dict(row.metadata).get("detected_level")
            expected[cell] += 1
            expected_bytes[cell] += len(row.line.encode())
        if size is None:
            assert len(expected) > 1 + expected.total() // 4
            continue
        keys = [(streams[cell], minutes[cell], texts[levels[cell]]) for cell in cells]
        assert dict(zip(keys, (rows[cell] for cell in cells), strict=True)) == expected
        assert dict(zip(keys, (line_bytes[cell] for cell in cells), strict=True)) == expected_bytes
        order = [(streams[cell], minutes[cell], levels[cell]) for cell in cells]
        assert order == sorted(set(order))
    assert place == len(rows) > 0


def test_patterns(part: Index) -> None:
    head, columns = patterns_of(sections_of(part)["patterns"])
    assert (head["version"], head["bucket_s"]) == (1, 300)
    levels, cells = [*head["levels"], None], zip(*columns, strict=True)
    matched, all_rows = 0, 0
    for size, chunk in zip(head["cells"], chunks_of(part), strict=True):
        own = list(itertools.islice(cells, size))
        assert [cell[:4] for cell in own] == sorted({cell[:4] for cell in own})
        rows = [(row, dict(row.metadata).get("detected_level")) for row in rows_of(chunk)]
        all_rows += len(rows)
        for stream, pattern, level, bucket, count in own:
            labels = tuple(map(tuple, part.document["streams"][stream]))
            looked_at = [
                row.line
                for row, its_level in rows
                if (row.labels, its_level, row.ts // (300 * SECOND)) == (labels, levels[level], bucket)
            ]
            assert sum(may_be_of(head["patterns"][pattern], line) for line in looked_at) >= count
            matched += count
    assert matched == all_rows
    assert "=über layer <_> <_>" in head["patterns"]


def test_filters_never_deny_what_is_there_and_deny_much_that_is_not(part: Index) -> None:
    section, chunks = sections_of(part)["filters"], [rows_of(chunk) for chunk in chunks_of(part)]
    for number, rows in enumerate(chunks):
        texts = [text for row in rows[::7] for text in (row.line, row.line.upper(), *dict(row.metadata).values())]
        ascii_texts = [text for text in texts if text.isascii()]
        assert all(may_hold(section, text)[number] for text in ascii_texts)
    words = ["".join(random.Random(n).choices("abcdefghijklmnopqrstuvwxyz", k=8)) for n in range(20)]
    assert sum(sum(may_hold(section, word)) for word in words) <= len(words) * len(chunks) // 10


def test_a_delete_request(tmp_path: Path) -> None:
    request = DeleteRequest("0000abcd", TENANT, '{app="db"}', -5, 10, 100)
    with opened(tmp_path) as database:
        database.deletes.put(request)
    objects = [(tmp_path / "deletes" / FOLDER / f"0000abcd{suffix}").read_bytes() for suffix in (".json", ".copy")]
    found = sealed_object(objects[0])
    assert found == asdict(request)
    assert objects[0] == objects[1]
    page = (PAGES / "deletes.md").read_text()
    assert [name for name in found if f"`{name}`" not in page] == []


def test_a_backup(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as database:
        database.append(TENANT, batch_of(ENTRIES[:1])).result(10)
        database.flush()
        database.append(TENANT, batch_of(ENTRIES[1:])).result(10)
        database.deletes.put(DeleteRequest("0000abcd", TENANT, '{app="db"}', -5, 10, 100))
        manifest = back_up(tmp_path / "data", DiskStore(tmp_path / "backups"), 1.5)
    objects = manifest_of(tmp_path / "backups", manifest.id)
    for name, content in objects.items():
        path = tmp_path / "again" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (index,) = parts_below(tmp_path / "again" / "parts", TENANT)
    assert [rows_of(chunk) for chunk in chunks_of(index)] == [[row_of(ENTRIES[0])]]
    (log,) = (tmp_path / "again" / "wal").iterdir()
    records = [rows for sequence, _, rows in log_records(log.read_bytes()) if sequence > index.document["wal_sequence"]]
    assert records == [[*map(row_of, ENTRIES[1:])]]
    assert f"deletes/{FOLDER}/0000abcd.json" in objects


def test_a_part_in_a_bucket(tmp_path: Path, bucket: S3Settings) -> None:
    settings = replace(NEVER_FLUSHES, is_hot_in_bucket=True, s3=bucket, chunk_bytes=6)
    with opened(tmp_path / "data", settings) as database:
        database.append(TENANT, batch_of(ENTRIES)).result(10)
        database.flush()
        assert sum(map(len, (source.line() for source in database.sources(TENANT)))) == len(ENTRIES)
    with opened(tmp_path / "data", settings):
        mirror = tmp_path / "data" / "indexes"
    (index,) = parts_below(mirror, TENANT)
    assert (mirror / "bucket").read_text() == f"s3://{bucket.bucket}/{bucket.prefix} at {bucket.endpoint}"
    key = f"{bucket.prefix}parts/{index.document['key']}"
    get = bucket_client(bucket).get_object
    contents = {end: get(Bucket=bucket.bucket, Key=key + end)["Body"].read() for end in (".arrow", ".index")}
    assert contents[".index"] == index.data
    index.path.with_suffix(".arrow").write_bytes(contents[".arrow"])
    assert [row for chunk in chunks_of(index) for row in rows_of(chunk)] == in_order(ENTRIES)
    hashed = xxhash.xxh3_128_hexdigest((index.document["key"] + ".arrow").encode())
    expected = {
        f"{hashed}-{chunk['offset']}-{chunk['stored_bytes']}-{chunk['crc32c']:08x}.piece"
        for chunk in index.document["chunks"]
    }
    frame_bytes = len(contents[".arrow"]) - sum(chunk["stored_bytes"] for chunk in index.document["chunks"])
    expected.add(f"{hashed}-0-{frame_bytes}-{index.document['frame_crc32c']:08x}.piece")
    pieces = list((tmp_path / "data" / "cache").iterdir())
    assert {piece.name for piece in pieces} == expected
    for piece in pieces:
        assert f"-{google_crc32c.value(piece.read_bytes()):08x}." in piece.name
