"""Clients that other people wrote push to the server and their lines are found again."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.reading import find_within

PROGRAMS = Path(__file__).with_name("clients")
NODE_MODULES = Path(__file__).with_name("npm") / "node_modules"

has_node = shutil.which("node") is not None and (NODE_MODULES / "winston-loki").is_dir()
has_tensorrt = importlib.util.find_spec("tensorrt_lean") is not None


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
    return subprocess.run(
        [str(part) for part in command], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def run_well(*command: str | Path) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("shape", ["direct", "queue"])
def test_python_logging_loki(client: HttpClient, mark: str, shape: str) -> None:
    run_well(sys.executable, PROGRAMS / "python_logging_loki.py", client.url, mark, shape)
    found = find_within(client, f'{{mark="{mark}"}}', 2)
    assert [each.line for each in found] == ["fallback to FP32 for conv_3", 'quoted "tensor" and ünïcode']
    assert [each["severity"] for each in found] == ["warning", "error"]
    assert [each["detected_level"] for each in found] == ["warn", "error"]
    assert [each["model"] for each in found] == ["yolov5s", None]
    assert [each["logger"] for each in found] == ["inference", "inference"]


@pytest.mark.parametrize("shape", ["gzip", "plain"])
def test_loki_logger_handler(client: HttpClient, mark: str, shape: str) -> None:
    run_well(sys.executable, PROGRAMS / "loki_handler.py", client.url, mark, shape)
    found = find_within(client, f'{{mark="{mark}"}}', 2)
    assert [json.loads(each.line)["message"] for each in found] == ["engine cache miss", "enqueue failed"]
    assert [each["model"] for each in found] == ["resnet50", "resnet50"]


@pytest.mark.skipif(not has_node, reason="node or the packages of tests/end_to_end/npm are not installed")
@pytest.mark.parametrize("shape", ["protobuf", "json"])
def test_winston_loki(client: HttpClient, mark: str, shape: str) -> None:
    run_well("node", PROGRAMS / "winston_loki.js", client.url, mark, shape)
    found = find_within(client, f'{{mark="{mark}", client="winston-loki"}}', 3)
    assert sorted((each["level"], each.line, each["model"]) for each in found) == [
        ("debug", 'labelled {"level":"debug"}', "bert-base"),
        ("error", 'quoted "tensor" and ünïcode {"level":"error"}', None),
        ("info", 'engine loaded {"level":"info"}', None),
    ]


@pytest.mark.skipif(not has_tensorrt, reason="tensorrt_lean is not installed")
def test_the_real_tensorrt_logger(client: HttpClient, mark: str) -> None:
    done = run(sys.executable, PROGRAMS / "tensorrt_logger.py", client.url, mark)
    # Without a driver, destroying the runtime is a segmentation fault: the lines must have arrived before it.
    assert done.returncode in (0, -signal.SIGSEGV), done.stderr
    found = find_within(client, f'{{mark="{mark}", model="yolov5s"}}', 2)
    assert {each["job"] for each in found} == {"inference"}
    if any("CUDA" in each.line for each in found):
        assert [each["level"] for each in found] == ["error", "error"]
        assert {code for each in found for code in (1, 6) if f"Error Code {code}" in each.line} == {1, 6}
