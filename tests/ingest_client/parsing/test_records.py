"""Lines to records."""

from __future__ import annotations

import pytest

from ingest_client.parsing import RecordJoiner, begins_record
from ingest_client.parsing.records import Record


def joined(lines: list[str], joiner: RecordJoiner[int] | None = None) -> list[str]:
    joiner = joiner or RecordJoiner(begins_record)
    done: list[Record[int]] = [record for number, line in enumerate(lines) for record in joiner.add(line, number)]
    last = joiner.finish()
    return [record.text for record in (*done, last) if record is not None]


HEAD = "[TRT] [W] Skipping tactic 8."


@pytest.mark.parametrize(
    "lines",
    [
        [HEAD, "Try decreasing the workspace size with IBuilderConfig::setMemoryPoolLimit()."],
        ["[TRT] [E] In node 0 (Conv): UNSUPPORTED", ")"],
        [
            "While parsing node number 0 [Conv]:",
            "ERROR: ModelImporter.cpp:296 In function importModel:",
            "[5] Assertion",
        ],
        ["[I] Building engine with configuration:", "    Flags | [FP16]", "    Engine Capability | DEFAULT"],
        [
            "[ 1843.308145] NVRM: The NVIDIA GPU",
            "               NVRM: (PCI ID: 10de)",
            "               NVRM: fallen off",
        ],
        [HEAD, "Traceback (most recent call last):", '  File "x.py"', "RuntimeError: bad"],
        [HEAD, "", "  more"],
    ],
)
def test_lines_that_go_on_belong_to_the_record_above(lines: list[str]) -> None:
    assert joined(lines) == ["\n".join(lines)]


@pytest.mark.parametrize(
    "lines",
    [
        [HEAD, HEAD],
        [HEAD, "I0103 19:49:00.658054 142 model_lifecycle.cc:459] loading: x:1"],
        [HEAD, '{"level":"info"}', '{"level":"warn"}'],
        [HEAD, "2026-01-01T00:00:00Z a line", "level=info msg=x"],
        ["a service", "without prefixes", "is not joined"],
        [" [TRT] a", " [TRT] b"],
    ],
)
def test_lines_that_stand_by_themselves_are_records(lines: list[str]) -> None:
    assert joined(lines) == lines


def test_a_record_that_does_not_end_is_ended() -> None:
    lines = [HEAD, *["  more"] * 9]
    assert joined(lines, RecordJoiner(begins_record, max_lines=5)) == ["\n".join(lines[:5]), "\n".join(lines[5:])]
    assert len(joined([HEAD, *["x" * 50] * 9], RecordJoiner(begins_record, max_chars=120))) == 4


def test_a_record_knows_its_first_and_last() -> None:
    joiner: RecordJoiner[str] = RecordJoiner(begins_record)
    assert joiner.add(HEAD, "first") == []
    assert joiner.add("  x", "last") == []
    assert joiner.open_record is not None
    record = joiner.finish()
    assert record is not None
    assert (record.first, record.last) == ("first", "last")
    assert joiner.finish() is None
