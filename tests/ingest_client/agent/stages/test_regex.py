"""``regex``."""

from __future__ import annotations

import pytest

from tests.ingest_client.agent.stages.running import extracted, mistakes, only


@pytest.mark.parametrize(
    ("expression", "line", "found"),
    [
        (r"^(?P<level>\w+) (?P<rest>.*)$", "INFO a b", {"level": "INFO", "rest": "a b"}),
        (r"(?<level>\w+):", "WARN: x", {"level": "WARN"}),
        (r"(?P<a>x)?(?P<b>y)", "y", {"a": "", "b": "y"}),
        (r"(?P<word>\pL+)", "1 größe", {"word": "größe"}),
        (r"(?P<never>z)", "abc", {}),
    ],
)
def test_groups(expression: str, line: str, found: dict[str, str]) -> None:
    assert extracted(f"[{{regex: {{expression: '{expression}'}}}}]", line) == found


def test_another_source_than_the_line() -> None:
    text = r"[{regex: {source: filename, expression: '/(?P<model>[^/]+)/[^/]+$'}}]"
    assert only(text, "x", filename="/logs/yolo/a.log").extracted["model"] == "yolo"


def test_a_pattern_that_would_take_ages_elsewhere_is_quick() -> None:
    assert extracted("[{regex: {expression: '^(?P<a>(a+)+)$'}}]", "a" * 5000 + "b") == {}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("[{regex: {}}]", "expression: this key is needed"),
        ("[{regex: {expression: '(?P<a>x'}}]", "missing"),
        ("[{regex: {expression: '(?=x)(?P<a>y)'}}]", "RE2 has no look-around"),
    ],
)
def test_mistakes(text: str, cause: str) -> None:
    assert cause in "\n".join(mistakes(text))
