"""The recorded answers of a real Loki, asked again, where the conformance cases lie beside this repository.

All queries pass. Of the push cases all areas but ``otlp`` do.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ServerMaker

CASES = Path(__file__).parents[3] / "shared" / "conformance"

ENOUGH = 500  # cases that ran: fewer mean that the output could not be read
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


def assert_all_pass(output: str) -> None:
    """Of the query cases."""
    areas = passed_of(output).values()
    assert sum(total for _, total in areas) >= ENOUGH, output
    assert all(passed == total for passed, total in areas), output


def test_queries(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True, "limits_config": {"reject_old_samples": False}})
    assert_all_pass(run("run.py", server.url))


def test_pushes(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True})
    output = run("push.py", server.url)
    passed = passed_of(output)
    assert {area: passed[area] for area in PUSH_AREAS} == {area: (passed[area][1],) * 2 for area in PUSH_AREAS}, output
