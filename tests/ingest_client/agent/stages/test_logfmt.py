"""``logfmt``."""

from __future__ import annotations

import pytest

from tests.ingest_client.agent.stages.running import extracted, mistakes


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("level=info msg=hi", {"level": "info", "text": "hi"}),
        ('msg="two words" level=warn', {"level": "warn", "text": "two words"}),
        (r'msg="a \"quoted\" word"', {"text": 'a "quoted" word'}),
        ("level= other", {"level": ""}),
        ("no pairs at all", {}),
        ('msg="not closed', {"text": ""}),
    ],
)
def test_pairs(line: str, found: dict[str, str]) -> None:
    assert extracted("[{logfmt: {mapping: {level: null, text: msg}}}]", line) == found


def test_a_mapping_is_needed() -> None:
    assert mistakes("[{logfmt: {}}]") == ["stages[0].logfmt.mapping: name at least one key"]
