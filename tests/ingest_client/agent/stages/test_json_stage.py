"""``json``."""

from __future__ import annotations

import pytest

from tests.ingest_client.agent.stages.running import extracted, mistakes, only, run


@pytest.mark.parametrize(
    ("expressions", "line", "found"),
    [
        ("{level: null, message: msg}", '{"level":"info","msg":"hi"}', {"level": "info", "message": "hi"}),
        ("{code: http.status}", '{"http":{"status":200}}', {"code": 200}),
        ("{first: 'items[0].id'}", '{"items":[{"id":"a"}]}', {"first": "a"}),
        ("{whole: a}", '{"a":{"b":[1,2]}}', {"whole": '{"b":[1,2]}'}),
        ("{missing: x}", '{"a":1}', {"missing": None}),
        ("{odd: 'length(a)'}", '{"a":5}', {"odd": None}),
        ("{a: a}", "no json", {}),
        ("{a: a}", "[1,2]", {}),
        ("{a: a}", '{"a":', {}),
    ],
)
def test_expressions(expressions: str, line: str, found: dict[str, object]) -> None:
    assert extracted(f"[{{json: {{expressions: {expressions}}}}}]", line) == found


def test_malformed_lines_go_only_where_that_is_asked_for() -> None:
    assert len(run("[{json: {expressions: {a: a}}}]", "x", '{"a":1}')) == 2
    assert len(run("[{json: {expressions: {a: a}, drop_malformed: true}}]", "x", '{"a":1}')) == 1


def test_another_source() -> None:
    text = "[{json: {expressions: {inner: log}}}, {json: {source: inner, expressions: {a: a}}}]"
    assert only(text, '{"log":"{\\"a\\":7}"}').extracted["a"] == 7


def test_a_wrong_expression_is_named() -> None:
    assert "no JMESPath" in mistakes("[{json: {expressions: {a: 'b['}}}]")[0]
