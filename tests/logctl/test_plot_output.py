"""``logctl query --plot`` and the forms of metrics."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.logctl.recorded import answering, logctl_on_terminal, success

MATRIX = [
    {"metric": {"level": "error"}, "values": [[1795366500 + 60 * n, str(n)] for n in range(30)]},
    {"metric": {"level": "ü\n\x1b[2J"}, "values": [[1795366500 + 60 * n, str(30 - n)] for n in range(30)]},
]


def matrix(_: object) -> tuple[int, str]:
    return success("matrix", MATRIX)


def test_a_pipe_gets_80_columns_with_a_glyph_for_each_series() -> None:
    with answering(matrix) as server:
        run = server.run("query", "rate(<>[5m])", "--plot", PYTHONIOENCODING="utf-8")
    lines = run.stdout.splitlines()
    assert (run.returncode, run.stderr) == (0, "")
    assert len(lines) == 20 + 3 + 2
    assert max(map(len, lines)) == 80
    assert lines[0].startswith("  30 ┤+")
    assert lines[-2:] == ['* {level="error"}', '+ {level="ü\\n\\u001b[2J"}']


def test_without_utf_8_the_chart_is_ascii() -> None:
    with answering(matrix) as server:
        run = server.run("query", "rate(<>[5m])", "--plot", PYTHONIOENCODING="ascii")
    assert run.stdout.isascii()
    assert '+ {level="\\xfc' in run.stdout
    assert max(map(len, run.stdout.splitlines())) == 80


def test_a_terminal_gets_dots_in_colours_as_wide_as_it_is() -> None:
    with answering(matrix) as server:
        text = logctl_on_terminal("query", "1", "--plot", LOKI_ADDR=server.url, COLUMNS="50", PYTHONIOENCODING="utf-8")
        plain = logctl_on_terminal(
            "query", "1", "--plot", LOKI_ADDR=server.url, COLUMNS="50", NO_COLOR="1", PYTHONIOENCODING="utf-8"
        )
    assert '\x1b[32m━\x1b[0m {level="error"}' in text
    assert "\x1b[2J" not in text
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) == 50


def test_log_lines_cannot_be_drawn() -> None:
    found = [{"stream": {}, "values": [["1", "x"]]}]
    with answering(lambda _: success("streams", found)) as server:
        run = server.run("query", "<>", "--plot")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("logctl: --plot draws metrics")


@pytest.mark.parametrize(("kind", "result"), [("vector", []), ("scalar", [1795366645, "2"])])
def test_what_is_no_matrix_is_printed(kind: str, result: Any) -> None:
    with answering(lambda _: success(kind, result)) as server:
        run = server.run("query", "1", "--plot")
    assert json.loads(run.stdout) == result


def test_an_empty_answer_is_told() -> None:
    with answering(lambda _: success("matrix", [])) as server:
        assert server.run("query", "1", "--plot").stdout == "no points to draw\n"


@pytest.mark.parametrize("command", [["query", "1"], ["instant-query", "1"]])
def test_the_form_of_metrics_can_be_chosen(command: list[str]) -> None:
    found = [{"metric": {"a": "b"}, "values": [[1795366500, "8"], [1795366560, "17"]]}]
    with answering(lambda _: success("matrix", found)) as server:
        table = server.run(*command, "-o", "table").stdout
        text = logctl_on_terminal(*command, "-o", "json", LOKI_ADDR=server.url)
    assert table == '{a="b"}\n  2026-11-22T16:55:00.000Z  8\n  2026-11-22T16:56:00.000Z 17\n'
    assert json.loads(text) == found
