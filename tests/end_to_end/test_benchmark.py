"""The benchmark against the real server: all its answers are right, and every figure is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.conftest import ServerMaker

ROOT = Path(__file__).parents[2]
SETTINGS = yaml.safe_load((ROOT / "benchmarks" / "server.yaml").read_text())


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def figures_of(*arguments: str) -> Any:
    done = run(*arguments, "--lines", "30000", "--rounds", "2", "--settle-s", "5", "--output", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_answers_are_right_and_figures_complete(make_server: ServerMaker) -> None:
    server = make_server(SETTINGS)
    figures = figures_of("--url", server.url, "--data", str(server.data))
    ingest, asked = figures["ingest"], figures["asked"]
    assert [each["question"]["name"] for each in asked if each["refusal"] not in (None, "not built")] == []
    assert sum(each["times"] is not None for each in asked) >= 8
    assert ingest["cpu_s"] > 0
    assert ingest["retries"] == 0
    assert ingest["peak_rss_bytes"] >= ingest["rss_bytes"] > 0
    assert figures["disk_bytes"] > figures["line_bytes"] / 10
    assert figures["multiples"]["push MB per CPU-second / C"] > 0

    again = figures_of("--url", server.url, "--skip-push", "--end", str(figures["end_ns"]))
    assert again["ingest"] is None
    assert [each["total"] for each in again["asked"]] == [each["total"] for each in asked]


def test_wrong_answers_are_noticed(make_server: ServerMaker) -> None:
    server = make_server(SETTINGS)
    done = run("--url", server.url, "--lines", "2000", "--rounds", "1", "--skip-push", "--end", "1795172400000000000")
    assert done.returncode == 1
    assert "WRONG: expected 10" in done.stdout


def test_a_server_that_is_not_there_is_named() -> None:
    done = run("--url", "http://127.0.0.1:9", "--lines", "1000")
    assert done.returncode == 2
    assert "http://127.0.0.1:9: " in done.stderr
    assert "Traceback" not in done.stderr
