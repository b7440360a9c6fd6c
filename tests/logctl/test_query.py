"""``logctl query`` and ``instant-query``: requests sent, forms printed, failures told."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import Any

import pytest

from tests.logctl.recorded import ROOT, Asked, answering, logctl, logctl_on_terminal, success

NEWEST_NS = 1_795_366_524_407_194_888
STREAMS = [
    {"stream": {"app": "web", "pod": "a", "level": "error"}, "values": [[str(NEWEST_NS), "out of memory"]]},
    {
        "stream": {"app": "web", "pod": "b-long", "detected_level": "info"},
        "values": [[str(NEWEST_NS + 5), 'say "ü" \x1b[2J'], [str(NEWEST_NS - 10**9), "fine"]],
    },
]


def streams(_: Asked) -> tuple[int, str]:
    return success("streams", STREAMS, stats={"summary": {"execTime": 0.5, "splits": 0}})


def test_the_request_has_logclis_parameters_and_translated_brackets() -> None:
    with answering(streams) as server:
        run = server.run(
            "query", '<model="x"> |= "y"', "--from=2026-11-22T17:00:00Z", "--to=2026-11-22T18:00:00Z", "--step=1m30s",
            "--forward", "--limit=7", "--org-id=edge", "--query-tags=a=b", "--nocache",
        )  # fmt: skip
        asked = server.asked[0]
    assert run.returncode == 0, run.stderr
    assert asked.path == "/loki/api/v1/query_range"
    assert asked.parameters == {
        "query": '{model="x"} |= "y"',
        "start": "1795366800000000000",
        "end": "1795370400000000000",
        "direction": "FORWARD",
        "limit": "7",
        "step": "90",
    }
    assert asked.headers["X-Scope-OrgID"] == "edge"
    assert asked.headers["X-Query-Tags"] == "a=b"
    assert asked.headers["Cache-Control"] == "no-cache"


def test_since_counts_back_from_the_end() -> None:
    with answering(streams) as server:
        server.run("query", "<a='b'>", "--to=1795370400", "--since=30m")
        asked = server.asked[0].parameters
    assert asked["start"] == str((1_795_370_400 - 1800) * 10**9)
    assert asked["direction"] == "BACKWARD"
    assert asked["limit"] == "30"


@pytest.mark.parametrize(
    ("before", "after", "variables"),
    [
        ([], ["--org-id", "edge"], {}),
        (["--org-id", "edge"], [], {}),
        (["--org-id", "other"], ["--org-id", "edge"], {}),
        ([], [], {"LOKI_ORG_ID": "edge"}),
        (["--org-id", "edge"], [], {"LOKI_ORG_ID": "other"}),
    ],
)
def test_common_options_stand_on_either_side_and_beat_variables(
    before: list[str], after: list[str], variables: dict[str, str]
) -> None:
    with answering(streams) as server:
        server.run(*before, "query", "<>", *after, **variables)
        assert server.asked[0].headers["X-Scope-OrgID"] == "edge"


def test_basic_and_bearer_credentials_come_from_variables() -> None:
    with answering(streams) as server:
        server.run("query", "<>", LOKI_USERNAME="me", LOKI_PASSWORD="secret")
        server.run("query", "<>", LOKI_BEARER_TOKEN="token")
        assert [asked.headers["Authorization"] for asked in server.asked] == ["Basic bWU6c2VjcmV0", "Bearer token"]


DEFAULT_TEXT = """\
2026-11-22T16:55:24.407Z {detected_level="info", pod="b-long"} say "ü" \x1b[2J
2026-11-22T16:55:24.407Z {level="error", pod="a"} out of memory
2026-11-22T16:55:23.407Z {detected_level="info", pod="b-long"} fine
"""


def test_the_default_form_is_plain_on_a_pipe_and_tells_common_labels_once() -> None:
    with answering(streams) as server:
        run = server.run("query", "<>")
    assert run.stdout == DEFAULT_TEXT
    assert run.stderr == 'Common labels: {app="web"}\n'


@pytest.mark.parametrize(
    ("flags", "first_line"),
    [
        (["-o", "raw"], 'say "ü" \x1b[2J'),
        (["--no-labels"], '2026-11-22T16:55:24.407Z say "ü" \x1b[2J'),
        (["--exclude-label=pod"], '2026-11-22T16:55:24.407Z {detected_level="info"} say "ü" \x1b[2J'),
        (["--include-label=pod"], '2026-11-22T16:55:24.407Z {pod="b-long"} say "ü" \x1b[2J'),
        (["-q", "-z", "Asia/Tokyo", "--no-labels"], '2026-11-23T01:55:24.407+09:00 say "ü" \x1b[2J'),
        (["--forward", "-o", "raw"], "fine"),
    ],
)
def test_other_forms(flags: list[str], first_line: str) -> None:
    with answering(streams) as server:
        assert server.run("query", "<>", *flags).stdout.splitlines()[0] == first_line


def test_jsonl_has_every_label_and_every_nanosecond() -> None:
    with answering(streams) as server:
        run = server.run("query", "<>", "-o", "jsonl", "-q")
    assert run.stderr == ""
    assert [json.loads(line) for line in run.stdout.splitlines()][1] == {
        "labels": {"app": "web", "level": "error", "pod": "a"},
        "line": "out of memory",
        "timestamp": "2026-11-22T16:55:24.407194888Z",
    }


def test_a_terminal_gets_colours_by_level_aligned_labels_and_no_escape_sequences_of_others() -> None:
    with answering(streams) as server:
        text = logctl_on_terminal("query", "<>", LOKI_ADDR=server.url)
        plain = logctl_on_terminal("query", "<>", LOKI_ADDR=server.url, NO_COLOR="1")
    assert "\x1b[31mout of memory\x1b[0m" in text
    assert "\x1b[32mfine\x1b[0m" in text
    assert "\x1b[2J" not in text
    assert plain.splitlines() == [
        '2026-11-22T16:55:24.407Z {detected_level="info", pod="b-long"} say "ü" \\x1b[2J',
        '2026-11-22T16:55:24.407Z {level="error", pod="a"}              out of memory',
        '2026-11-22T16:55:23.407Z {detected_level="info", pod="b-long"} fine',
    ]


def test_pages_are_joined_without_repeating_the_boundary() -> None:
    values = [[str(NEWEST_NS - number // 3), f"line {number}"] for number in range(100)]

    def page(asked: Asked) -> tuple[int, str]:
        end_ns, limit = int(asked.parameters["end"]), int(asked.parameters["limit"])
        return success("streams", [{"stream": {}, "values": [v for v in values if int(v[0]) < end_ns][:limit]}])

    with answering(page) as server:
        run = server.run("query", "<>", "--batch=10", "--limit=95", "-o=raw", f"--to={NEWEST_NS + 1}")
        assert len(server.asked) == 11
    assert run.stdout.splitlines() == [f"line {number}" for number in range(95)]


MATRIX = [{"metric": {"level": "error"}, "values": [[1795366500, "8"], [1795366560.5, "17"]]}]
VECTOR = [{"metric": {"a": "b"}, "value": [1795366645.692, "60"]}, {"metric": {}, "value": [1795366645.692, "5"]}]


@pytest.mark.parametrize(
    ("kind", "result", "table"),
    [
        (
            "matrix",
            MATRIX,
            '{level="error"}\n  2026-11-22T16:55:00.000Z  8\n  2026-11-22T16:56:00.500Z 17\n',
        ),
        ("vector", VECTOR, '2026-11-22T16:57:25.692Z 60 {a="b"}\n2026-11-22T16:57:25.692Z  5 {}\n'),
        ("scalar", [1795366645, "2"], "2026-11-22T16:57:25.000Z 2\n"),
        ("vector", [], ""),
        ("matrix", [], ""),
    ],
)
def test_metrics_are_json_on_a_pipe_and_a_table_on_a_terminal(kind: str, result: Any, table: str) -> None:
    with answering(lambda _: success(kind, result)) as server:
        run = server.run("instant-query", 'count_over_time(<a="b">[5m])', "--now=1795366645")
        assert server.asked[0].path == "/loki/api/v1/query"
        assert server.asked[0].parameters == {
            "query": 'count_over_time({a="b"}[5m])',
            "time": "1795366645000000000",
        }
        assert logctl_on_terminal("instant-query", "1", LOKI_ADDR=server.url, NO_COLOR="1") == table
        range_run = server.run("query", "1")
    assert json.loads(run.stdout) == json.loads(range_run.stdout) == result


def test_statistics_go_to_stderr_without_zeros() -> None:
    with answering(streams) as server:
        run = server.run("query", "<>", "--stats", "-q")
    assert run.stderr == "summary.execTime 0.5\n"
    assert run.stdout == DEFAULT_TEXT


REFUSALS = [
    (400, "parse error at line 1, col 2: syntax error: unexpected $end", [], "parse error at line 1, col 2"),
    (400, "pipeline error: 'X'.\nUse a filter.\n", [], "pipeline error: 'X'. Use a filter."),
    (401, "no org id\n", [], "--org-id"),
    (401, "unauthorized", ["--org-id=edge"], "the server refuses tenant 'edge' (unauthorized)"),
    (404, "404 page not found\n", [], "answers 404: 404 page not found"),
    (500, "", [], "answers 500: no text"),
    (504, "request timed out", [], "answers 504: request timed out"),
    (200, "<html>", [], "is --addr right?"),
    (200, "[]", [], "is --addr right?"),
    (200, '{"status":"success"}', [], "is --addr right?"),
    (200, '{"data":{"resultType":"streams"}}', [], "is --addr right?"),
]


@pytest.mark.parametrize(("status", "body", "flags", "told"), REFUSALS)
def test_a_refusal_is_one_line_and_status_1(status: int, body: str, flags: list[str], told: str) -> None:
    with answering(lambda _: (status, body)) as server:
        run = server.run("query", "{", *flags)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("logctl: ")
    assert run.stderr.count("\n") == 1
    assert told in run.stderr


@pytest.mark.parametrize(("status", "tries"), [(500, 3), (429, 3), (400, 1)])
def test_only_passing_failures_are_tried_again(status: int, tries: int) -> None:
    with answering(lambda _: (status, "no")) as server:
        assert server.run("query", "<>", "--retries=2").returncode == 1
        assert len(server.asked) == tries


def test_an_unreachable_server_is_one_line_and_status_1() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        run = logctl("--addr", address, "query", "<>")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        f"logctl: {address} does not answer: Connection refused (--addr or LOKI_ADDR says where the server is)\n"
    )


WRONG_USAGE = [
    ["query"],
    ["query", "<>", "--since=yesterday"],
    ["query", "<>", "--from=2026-11-22", "--to=2026-11-21"],
    ["query", "<>", "--limit=-1"],
    ["query", "<>", "--batch=0"],
    ["query", "<>", "--step=soon"],
    ["query", "<>", "--output=xml"],
    ["query", "<>", "--timezone=Mars"],
    ["query", "<>", "--retries=many"],
    ["query", "<>", "--timeout=-1"],
    ["query", "<>", "--lim=3"],
    ["--addr=localhost:3100", "query", "<>"],
    ["--username=a", "--bearer-token=b", "query", "<>"],
    ["--org-id=a\nb", "query", "<>"],
    ["--addr=https://localhost", "--ca-cert=/nowhere.pem", "query", "<>"],
    ["instant-query", "1", "--now=soon"],
    ["unknown"],
    [],
]


@pytest.mark.parametrize("arguments", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_is_status_2_and_says_what(arguments: list[str]) -> None:
    run = logctl(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Traceback" not in run.stderr
    assert run.stderr.strip()


def test_a_missing_token_file_is_told() -> None:
    run = logctl("--bearer-token-file=/nowhere", "query", "<>")
    assert run.returncode == 1
    assert "/nowhere" in run.stderr


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    many = [{"stream": {}, "values": [[str(number), "x" * 100] for number in range(5_000)]}]
    with answering(lambda _: success("streams", many)) as server:
        command = f"{sys.executable} -m logctl --addr {server.url} query -q '<>' | head -1; echo ${{PIPESTATUS[0]}}"
        run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert run.stderr == ""
    assert run.stdout.splitlines()[1] == "0"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["query", "--help"], ["push", "--help"]])
def test_help_and_version_need_no_server(arguments: list[str]) -> None:
    run = logctl(*arguments)
    assert run.returncode == 0
    assert "logctl" in run.stdout
