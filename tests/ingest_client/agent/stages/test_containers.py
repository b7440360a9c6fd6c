"""``docker``, ``cri`` and ``decolorize``."""

from __future__ import annotations

import json

import pytest

from tests.ingest_client.agent.stages.running import NOW_NS, built, mistakes, only, rows, run, warnings

TIME_NS = 1_716_235_406_123_456_789


def docker(log: str, stream: str = "stdout") -> str:
    return json.dumps({"log": log, "stream": stream, "time": "2024-05-20T20:03:26.123456789Z"})


def test_docker_lines_are_unwrapped() -> None:
    row = only("[{docker: {}}]", docker("hello\n"), job="j")
    assert (row.line, row.ts_ns, row.labels) == ("hello", TIME_NS, {"job": "j", "stream": "stdout"})


def test_parts_of_a_docker_line_are_joined_by_stream() -> None:
    out = run("[{docker: }]", docker("a" * 10), docker("x\n", "stderr"), docker("b\n"))
    assert [row.line for row in out] == ["x", "a" * 10 + "b"]


@pytest.mark.parametrize("line", ["plain", "{}", '{"log": 5}', "[1]", '{"log":"x'])
def test_other_lines_pass(line: str) -> None:
    row = only("[{docker: }]", line)
    assert (row.line, row.ts_ns) == (line, NOW_NS)


def test_cri_lines_are_unwrapped() -> None:
    row = only("[{cri: {}}]", "2024-05-20T20:03:26.123456789Z stderr F hello  world")
    assert (row.line, row.ts_ns, row.labels) == ("hello  world", TIME_NS, {"stream": "stderr"})


def test_parts_of_a_cri_line_are_joined() -> None:
    head = "2024-05-20T20:03:26Z stdout"
    assert [row.line for row in run("[{cri: }]", f"{head} P a", f"{head} P b", f"{head} F c", f"{head} F d")] == [
        "abc",
        "d",
    ]


def test_a_line_in_too_many_parts_goes_as_it_is() -> None:
    head = "2024-05-20T20:03:26Z stdout"
    text = "[{cri: {max_partial_lines: 2, max_partial_line_size: 3, max_partial_line_size_truncate: true}}]"
    assert [row.line for row in run(text, f"{head} P ab", f"{head} P cd", f"{head} F e")] == ["abc", "e"]


def test_parts_survive_a_restart() -> None:
    head = "2024-05-20T20:03:26Z stdout"
    before, after = built("[{cri: }]"), built("[{cri: }]")
    before.run(rows(f"{head} P a"))
    after.restore(before.state())
    assert [row.line for row in after.run(rows(f"{head} F b"))] == ["ab"]


@pytest.mark.parametrize("line", ["plain", "", "2024-05-20T20:03:26Z stdin F x", "yesterday stdout F x"])
def test_lines_that_are_no_cri_pass(line: str) -> None:
    assert only("[{cri: }]", line).line == line


def test_colours_are_taken_out() -> None:
    assert only("[{decolorize: }]", "\x1b[38;5;10m[I] ok\x1b[0m \x1b[1;31mred\x1b[m").line == "[I] ok red"
    assert only("[{decolorize: }]", "[0m stays").line == "[0m stays"


@pytest.mark.parametrize(
    "text", ["{docker: {a: b}}", "{match: {selector: '{}', stages: [{output: {source: x, a: b}}]}}"]
)
def test_options_that_are_none_are_passed_over_as_promtail_does_and_named(text: str) -> None:
    assert mistakes(f"[{text}]") == []
    assert ".a: has no effect: nobody knows this key" in warnings(f"[{text}]")[0]


def test_a_wrong_option_of_our_own_stage_is_a_mistake() -> None:
    assert "nobody knows this key; did you mean 'dedup'?" in mistakes("[{tensorrt: {dedpu: exact}}]")[0]
