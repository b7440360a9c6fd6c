"""The recorded answers of a real Loki, asked again, where the conformance cases lie beside this repository.

``FULL_AREAS`` pass entirely, as does every area of the push cases but ``otlp``; ``FLOORS`` are how many of the other
areas' cases pass: these numbers only grow.
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
FLOORS: dict[str, int] = {}
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


def test_queries(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True, "limits_config": {"reject_old_samples": False}})
    output = run("run.py", server.url, "--verbose")
    passed = passed_of(output)
    assert {area: passed[area] for area in FULL_AREAS} == {area: (passed[area][1],) * 2 for area in FULL_AREAS}, output
    fallen = {area: (passed[area][0], floor) for area, floor in FLOORS.items() if passed[area][0] < floor}
    assert fallen == {}, output


def test_pushes(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True})
    output = run("push.py", server.url)
    passed = passed_of(output)
    assert {area: passed[area] for area in PUSH_AREAS} == {area: (passed[area][1],) * 2 for area in PUSH_AREAS}, output
