"""196 real lines, where the catalogue lies beside this repository: how many are understood, and how well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest_client.parsing import LineParser, Parsed, begins_record
from ingest_client.parsing.events import EVENTS, event_of
from ingest_client.parsing.fields import matching
from ingest_client.parsing.ladder import FORMATS, Ladder
from ingest_client.parsing.templates import template_of

CATALOGUE = Path(__file__).parents[4] / "shared" / "data" / "tensorrt_log_lines.jsonl"
ROWS = [json.loads(line) for line in CATALOGUE.read_text("utf-8").splitlines()] if CATALOGUE.is_file() else []
LEVELS = {"internal_error": "critical", "warning": "warn", "verbose": "debug"}
FORMAT_NAMES = {
    "trt_cpp_nodate": "trt_cpp",
    "trt_python_nodate": "trt_python",
    "trtexec_recorder": "recorder",
    "trtexec_cuda": "cuda_check",
    "trt7_bare": "bare_level",
    "trt_bare": "bare_level",
    "trt_tag_only": "trt_tag",
    "jetson_inference": "trt_tag",
    "torchtrt_cpp": "torchtrt",
    "python_basicconfig": "py_basic",
    "trtllm_cpp": "trtllm",
    "triton_glog": "glog",
    "triton_iso8601": "triton_iso",
    "ort_nodate": "ort",
    "deepstream_trt": "deepstream",
    "deepstream_bare": "bare_level",
    "kernel_dmesg": "kernel",
    "tegrastats_orin": "tegrastats",
    "tegrastats_tx2": "tegrastats",
    "compose+trt_python": "trt_python",
    "ros+triton_glog": "glog",
    "trt_python_stderr": "bare_level",
}

pytestmark = pytest.mark.skipif(not ROWS, reason="no catalogue beside this repository")


def parsed() -> list[tuple[dict[str, str], Parsed]]:
    return [(row, LineParser().parse(row["line"])) for row in ROWS]


def test_at_least_175_of_196_prefixes_are_known() -> None:
    assert sum(found.format is not None for _, found in parsed()) >= 175


def test_known_prefixes_are_those_of_the_catalogue() -> None:
    names = {each.name for each in FORMATS}
    wrong = [
        (row["format"], found.format, row["line"][:60])
        for row, found in parsed()
        if found.format is not None and FORMAT_NAMES.get(row["format"], row["format"]) not in (found.format, None)
    ]
    assert {FORMAT_NAMES.get(row["format"], "") for row in ROWS} - {""} <= names
    assert wrong == []


def test_levels_are_right_but_for_what_triton_prints_as_information() -> None:
    wanted = [(LEVELS.get(row["severity"], row["severity"]), found.level, row["line"]) for row, found in parsed()]
    told = [each for each in wanted if each[1] is not None]
    wrong = [each for each in told if each[0] != each[1]]
    assert len(told) >= 158
    assert [line[:11] for _, _, line in wrong] == ["I0511 01:22"]


def test_at_least_114_of_120_errors_and_warnings_have_an_event() -> None:
    rows = [found for row, found in parsed() if row["severity"] in ("error", "warning")]
    assert len(rows) == 120
    assert sum(found.event is not None for found in rows) >= 114


@pytest.mark.parametrize("row", ROWS, ids=[row["line"][:40] for row in ROWS])
def test_a_template_says_what_its_message_says(row: dict[str, str]) -> None:
    message = LineParser().parse(row["line"]).message
    template = template_of(message)
    assert event_of(template) == event_of(message)
    assert matching(template) == matching(message)
    assert template_of(template) == template


def test_a_pinned_ladder_answers_as_a_fresh_one() -> None:
    for name in ("trt_python", "trt_cpp", "glog", "trtexec", "ort", "trtllm", "gstreamer", "tensorflow"):
        pinned = Ladder()
        sample = next(row["line"] for row in ROWS if FORMAT_NAMES.get(row["format"], row["format"]) == name)
        for row in ROWS:
            for _ in range(25):
                pinned.match(sample)
            fresh, found = Ladder().match(row["line"]), pinned.match(row["line"])
            assert (fresh and fresh[0].name) == (found and found[0].name), row["line"]


def test_starts_lose_no_format() -> None:
    for row in ROWS:
        slow = next((each for each in FORMATS if each.pattern.match(row["line"])), None)
        found = Ladder().match(row["line"])
        assert (found and found[0]) == slow, row["line"]


def test_lines_with_a_prefix_begin_records() -> None:
    inside = {"polygraphy", "onnx_parser_bare"}
    missed = [
        row["line"][:60]
        for row, found in parsed()
        if found.format is not None and row["format"] not in inside and not begins_record(row["line"].split("\n")[0])
    ]
    assert missed == []


def test_every_event_has_a_line() -> None:
    seen = {found.event for _, found in parsed()}
    assert {name for name, _ in EVENTS} - seen == set()
