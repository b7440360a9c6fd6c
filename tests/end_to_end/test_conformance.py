"""The recorded answers of a real Loki, asked again, where the conformance cases lie beside this repository.

A query case may only fail because it needs what this version says it cannot execute yet, or an endpoint of
``UNSERVED``; and no area may fall below its floor: floors only grow, ``UNSERVED`` only shrinks. Of the push cases all
areas but ``otlp`` pass.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ServerMaker

CASES = Path(__file__).parents[3] / "shared" / "conformance"

FULL_AREAS = ("selector", "line filter", "limit and direction", "time formats")
FLOORS = {
    "binary operation": 22,
    "categorize labels": 1,
    "detected fields": 0,
    "errors": 94,
    "format query": 4,
    "instant": 7,
    "interval": 5,
    "metadata": 12,
    "parser": 1,
    "parser corners": 23,
    "range aggregation": 16,
    "steps": 22,
    "template": 0,
    "unwrap": 15,
    "vector aggregation": 1,
    "volume": 0,
}
UNSERVED = ("detected_fields", "detected_labels", "stats", "volume", "volume_range")
NOT_BUILT = "this version of Skaldlog cannot execute it yet"
PUSH_AREAS = ("accept", "labels", "lines", "malformed", "routes", "tenant", "timestamps")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="no conformance cases beside this repository"),
]


def run(script: str, url: str, *arguments: str) -> str:
    command = [sys.executable, str(CASES / script), "--url", url, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False).stdout


def passed_of(output: str) -> dict[str, tuple[int, int]]:
    """(passed, all) by area, from the closing lines."""
    rows = re.findall(r"^ *(\d+) of +(\d+)  (.+)$", output, re.MULTILINE)
    return {area: (int(passed), int(total)) for passed, total, area in rows}


def unexcused(output: str) -> list[str]:
    """The failures for which neither a construct that is not built nor an unserved endpoint is to blame."""
    failures = re.findall(r"^FAIL \d+ \[.+?\] (\S+) (.*)\n +(.*)$", output, re.MULTILINE)
    return [
        f"{endpoint} {parameters}\n    {cause}"
        for endpoint, parameters, cause in failures
        if endpoint not in UNSERVED and NOT_BUILT not in cause
    ]


def test_queries(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True, "limits_config": {"reject_old_samples": False}})
    output = run("run.py", server.url, "--verbose")
    passed = passed_of(output)
    assert set(passed) == {*FULL_AREAS, *FLOORS}, output
    assert unexcused(output) == []
    assert {area: passed[area] for area in FULL_AREAS} == {area: (passed[area][1],) * 2 for area in FULL_AREAS}, output
    fallen = {area: (passed[area][0], floor) for area, floor in FLOORS.items() if passed[area][0] < floor}
    assert fallen == {}, output


def test_excuses_are_told_from_failures() -> None:
    output = """FAIL 1 [a] query_range {"query": "x"}
     status 400 'the stage is valid LogQL, but this version of Skaldlog cannot execute it yet', expected 200
FAIL 2 [b c] stats {"query": "y"}
     status 404 '404 page not found', expected 200
FAIL 3 [d] query {"query": "z"}
     in {}: got ["1"], expected ["2"]
"""
    assert unexcused(output) == ['query {"query": "z"}\n    in {}: got ["1"], expected ["2"]']


def test_pushes(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True})
    output = run("push.py", server.url)
    passed = passed_of(output)
    assert {area: passed[area] for area in PUSH_AREAS} == {area: (passed[area][1],) * 2 for area in PUSH_AREAS}, output
