"""The recorded answers of a real Loki, asked again, where the conformance cases lie beside this repository.

All of them pass.
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
ENOUGH_PUSHES = 100

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


def assert_all_pass(output: str, enough: int = ENOUGH) -> None:
    areas = passed_of(output).values()
    assert sum(total for _, total in areas) >= enough, output
    assert all(passed == total for passed, total in areas), output


def test_queries(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True, "limits_config": {"reject_old_samples": False}})
    assert_all_pass(run("run.py", server.url))


def test_pushes(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True})
    assert_all_pass(run("push.py", server.url), ENOUGH_PUSHES)
