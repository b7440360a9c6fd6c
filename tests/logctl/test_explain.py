"""``logctl explain``: the request it sends and the forms of its answer."""

from __future__ import annotations

import json

import pytest

from tests.logctl.recorded import Asked, answering, listing, logctl, logctl_on_terminal

PLAN = {"query": '{a="b"}', "kind": "log", "readings": [], "text": 'query  {a="b"}\nstages  |= "\x1b[2J"'}


def plan(_: Asked) -> tuple[int, str]:
    return listing(PLAN)


def test_the_request_is_that_of_the_query() -> None:
    with answering(plan) as server:
        run = server.run("explain", "<a='b'>", "--from=1795366800", "--to=1795370400", "--step=1m30s", "--limit=7")
        explained = server.asked[0]
        server.run("query", "<a='b'>", "--from=1795366800", "--to=1795370400", "--step=1m30s", "--limit=7")
        queried = server.asked[1]
    assert (run.returncode, run.stderr) == (0, "")
    assert explained.path == "/skaldlog/api/v1/explain"
    assert explained.parameters == queried.parameters
    assert explained.parameters["query"] == "{a='b'}"


def test_the_text_is_printed_and_harmless_on_a_terminal() -> None:
    with answering(plan) as server:
        assert server.run("explain", "<>").stdout == f"{PLAN['text']}\n"
        assert logctl_on_terminal("explain", "<>", LOKI_ADDR=server.url).splitlines() == [
            'query  {a="b"}',
            'stages  |= "\\x1b[2J"',
        ]


@pytest.mark.parametrize(("form", "lines"), [("jsonl", 1), ("json", 5)])
def test_json_is_the_plan_without_its_text(form: str, lines: int) -> None:
    with answering(plan) as server:
        text = server.run("explain", "<>", "-o", form).stdout
    assert json.loads(text) == {name: value for name, value in PLAN.items() if name != "text"}
    assert len(text.splitlines()) == lines


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (400, "parse error at line 1, col 2: syntax error", "parse error at line 1, col 2"),
        (404, "404 page not found\n", "answers 404"),
        (200, '{"data":{}}', "is --addr right?"),
        (200, '{"data":[]}', "is --addr right?"),
        (200, '{"data":{"text":5}}', "is --addr right?"),
    ],
)
def test_a_refusal_is_one_line_and_status_1(status: int, body: str, told: str) -> None:
    with answering(lambda _: (status, body)) as server:
        run = server.run("explain", "<>")
    assert (run.returncode, run.stdout) == (1, "")
    assert told in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["explain"], ["explain", "<>", "--limit=0"], ["explain", "<>", "--step=soon"], ["explain", "a", "b"]]
)
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    run = logctl(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr
