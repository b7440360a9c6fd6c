"""``logctl stats``, ``volume`` and ``fields``: what they ask and how they print it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.logctl.recorded import Answering, answering, listing, logctl, success

WINDOW = ("--from=10", "--to=20")
TIMES = {"start": "10000000000", "end": "20000000000"}
STATS = {"streams": 2, "chunks": 3, "bytes": 12345, "entries": 60}
VECTOR = [{"metric": {"app": "web"}, "value": [20, "5193"]}]
FIELDS = [
    {"label": "user_id", "type": "int", "cardinality": 60, "parsers": ["json", "logfmt"], "jsonPath": ["user", "id"]},
    {"label": "trace_id", "type": "string", "cardinality": 5, "parsers": None},
]


def document(content: Any) -> Answering:
    return lambda _: (200, json.dumps(content))


def test_stats_prints_a_figure_a_line() -> None:
    with answering(document(STATS)) as server:
        run = server.run("stats", '<app="web">', *WINDOW)
        as_json = server.run("stats", '{app="web"}', "-o", "jsonl")
        asked = server.asked[0]
    assert (asked.path, asked.parameters) == ("/loki/api/v1/index/stats", {"query": '{app="web"}', **TIMES})
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "streams     2\nchunks      3\nentries    60\nbytes   12345\n"
    assert json.loads(as_json.stdout) == STATS


@pytest.mark.parametrize(
    ("arguments", "path", "parameters"),
    [
        ([], "volume", {"query": "{}", "limit": "30"}),
        (['<app=~".+">', "--limit=5"], "volume", {"query": '{app=~".+"}', "limit": "5"}),
        (["--targetLabels", "app,env"], "volume", {"query": "{}", "limit": "30", "targetLabels": "app,env"}),
        (["--aggregateByLabels"], "volume", {"query": "{}", "limit": "30", "aggregateBy": "labels"}),
        (["--by-labels", "--step=1m30s"], "volume_range", {"aggregateBy": "labels", "step": "90"}),
    ],
)
def test_volume_asks_as_logcli_does(arguments: list[str], path: str, parameters: dict[str, str]) -> None:
    with answering(lambda _: success("vector", VECTOR)) as server:
        run = server.run("volume", *arguments, *WINDOW)
        asked = server.asked[0]
    assert (run.returncode, run.stderr, json.loads(run.stdout)) == (0, "", VECTOR)
    assert asked.path == f"/loki/api/v1/index/{path}"
    assert asked.parameters == {"query": "{}", "limit": "30", **TIMES, **parameters}


def test_volume_as_a_table() -> None:
    with answering(lambda _: success("vector", VECTOR)) as server:
        run = server.run("volume", "-o", "table", "-z", "UTC")
    assert run.stdout == '1970-01-01T00:00:20.000Z 5193 {app="web"}\n'


def test_fields_are_a_table_sorted_by_name() -> None:
    with answering(document({"fields": FIELDS, "limit": 1000})) as server:
        run = server.run("fields", '<app="web"> | json', "--line-limit=7", *WINDOW)
        as_json = server.run("fields", '<app="web">', "-o", "jsonl")
        asked = server.asked[0]
    assert asked.path == "/loki/api/v1/detected_fields"
    assert asked.parameters == {"query": '{app="web"} | json', "limit": "1000", "line_limit": "7", **TIMES}
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [
        "FIELD     TYPE    VALUES  FOUND BY",
        "trace_id  string  5       metadata",
        "user_id   int     60      json, logfmt",
    ]
    assert [json.loads(line) for line in as_json.stdout.splitlines()] == FIELDS[::-1]


def test_values_of_a_field_are_printed_one_a_line() -> None:
    with answering(document({"values": ["a b", "c"], "limit": 1000})) as server:
        run = server.run("fields", '<app="web">', "user/id")
        asked = server.asked[0]
    assert asked.path == "/loki/api/v1/detected_field/user%2Fid/values"
    assert run.stdout == "a b\nc\n"


def test_patterns_are_printed_with_their_counts() -> None:
    found = [
        {"pattern": "user <_> in", "level": "info", "samples": [[10, 7], [20, 1]]},
        {"pattern": "up", "level": "info", "samples": [[10, 9]]},
        {"pattern": "user <_> in", "level": "warn", "samples": [[10, 4]]},
    ]
    with answering(lambda _: listing(found)) as server:
        run = server.run("patterns", '<app="web">', *WINDOW)
        one = server.run("patterns", '<app="web">', "--limit=1")
        as_json = server.run("patterns", '<app="web">', "-o", "jsonl")
        asked = server.asked[0]
    assert (asked.path, asked.parameters) == ("/loki/api/v1/patterns", {"query": '{app="web"}', **TIMES})
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "12  user <_> in\n 9  up\n"
    assert one.stdout == "12  user <_> in\n"
    assert [json.loads(line) for line in as_json.stdout.splitlines()] == found


@pytest.mark.parametrize("arguments", [["fields", "<>"], ["fields", "<>", "x"], ["patterns", "<>"]])
def test_nothing_found_prints_nothing(arguments: list[str]) -> None:
    with answering(document({})) as server:
        run = server.run(*arguments)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.parametrize("answer", ["[]", "7", "{}", "<html>", '{"streams": "many"}'])
def test_an_answer_of_somebody_else_is_an_error(answer: str) -> None:
    with answering(lambda _: (200, answer)) as server:
        run = server.run("stats", "<>")
    assert run.returncode == 1
    assert "does not answer as Loki's API does" in run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["volume", "--limit=0"],
        ["volume", "--step=soon"],
        ["fields", "<>", "--line-limit=0"],
        ["patterns", "<>", "--limit=0"],
        ["stats"],
        ["fields"],
    ],
)
def test_wrong_usage_is_told_without_asking(arguments: list[str]) -> None:
    assert logctl(*arguments, LOKI_ADDR="http://127.0.0.1:9").returncode == 2
