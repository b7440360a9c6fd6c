"""The recorded answers of a real Loki, asked again, where the conformance cases lie beside this repository.

A query may only fail because Loki's answer is a defect that docs/differences.md names. Of the push cases all areas but
``otlp`` pass.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ServerMaker

CASES = Path(__file__).parents[3] / "shared" / "conformance"

# Loki divides such an average by the lines before the filter, having lost it from one of the two halves it computes.
DEVIATION = re.compile(r"avg_over_time\([^)]*\| unwrap \S+ \| [^)]*\) by ")
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


def unexcused(output: str) -> list[str]:
    """The failures for which no listed deviation is to blame."""
    failures = re.findall(r"^FAIL \d+ \[.+?\] (\S+) (.*)\n +(.*)$", output, re.MULTILINE)
    return [
        f"{endpoint} {parameters}\n    {cause}"
        for endpoint, parameters, cause in failures
        if not DEVIATION.search(parameters)
    ]


def test_queries(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True, "limits_config": {"reject_old_samples": False}})
    output = run("run.py", server.url, "--verbose")
    passed = sum(passed for passed, _ in passed_of(output).values())
    assert unexcused(output) == []
    assert passed >= ENOUGH, output


def test_excuses_are_told_from_failures() -> None:
    output = """FAIL 1 [a] query_range {"query": "avg_over_time({a=\\"b\\"} | logfmt | unwrap x | x > 5 [5m]) by (a)"}
     in {}: got ["1"], expected ["2"]
FAIL 2 [b c] stats {"query": "y"}
     status 404 '404 page not found', expected 200
"""
    assert unexcused(output) == ['stats {"query": "y"}\n    status 404 \'404 page not found\', expected 200']


def test_pushes(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True})
    output = run("push.py", server.url)
    passed = passed_of(output)
    assert {area: passed[area] for area in PUSH_AREAS} == {area: (passed[area][1],) * 2 for area in PUSH_AREAS}, output
