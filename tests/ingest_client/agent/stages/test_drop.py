"""``drop``."""

from __future__ import annotations

import pytest

from ingest_client.agent.stages.stage import Context
from tests.ingest_client.agent.stages.running import NOW_NS, Clock, built, mistakes, rows

EXTRACT = "{logfmt: {mapping: {level: null, user: null}}}"
LINES = ("level=debug user=a", "level=info user=b", "plain and rather long indeed")


def kept(options: str) -> list[str]:
    context = Context(now_ns=Clock())
    pipeline = built(f"[{EXTRACT}, {{drop: {options}}}]", context)
    out = [row.line for row in pipeline.run(rows(*LINES))]
    assert context.dropped["drop_stage"] == len(LINES) - len(out)
    return out


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ("{expression: 'debug|info'}", [2]),
        ("{source: level, value: debug}", [1, 2]),
        ("{source: level, expression: '^inf'}", [0, 2]),
        ("{source: level}", [2]),
        ("{source: [level, user], value: info;b}", [0, 2]),
        ("{source: [level, user], separator: '-', expression: 'debug-a'}", [1, 2]),
        ("{longer_than: 20B}", [0, 1]),
        ("{longer_than: 20B, expression: never}", [0, 1, 2]),
        ("{older_than: 1h}", [0, 1, 2]),
    ],
)
def test_conditions(options: str, numbers: list[int]) -> None:
    assert kept(options) == [LINES[number] for number in numbers]


def test_old_lines_go() -> None:
    clock = Clock()
    pipeline = built("[{drop: {older_than: 1h}}]", Context(now_ns=clock))
    clock.now_ns = NOW_NS + 3_601_000_000_000
    assert pipeline.run(rows("x")) == []


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ("{}", "give at least one of"),
        ("{value: a}", "needs source"),
        ("{source: a, value: b, expression: c}", "not both"),
        ("{longer_than: big}", "no size"),
    ],
)
def test_mistakes(options: str, cause: str) -> None:
    assert cause in "\n".join(mistakes(f"[{{drop: {options}}}]"))
