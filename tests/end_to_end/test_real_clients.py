"""Clients that other people wrote push to the server and their lines are found again."""

from __future__ import annotations

import importlib.util
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from loki_reader_core import LokiClient, LokiQueryError

from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.programs import PROGRAMS, needs_node, run, run_node, run_python
from tests.end_to_end.reading import HOUR_NS, find_within

has_tensorrt = importlib.util.find_spec("tensorrt_lean") is not None
has_syslog_ng = shutil.which("syslog-ng") is not None


@pytest.mark.parametrize("shape", ["direct", "queue", "old"])
def test_python_logging_loki(client: HttpClient, mark: str, shape: str) -> None:
    run_python("python_logging_loki", client.url, mark, shape)
    found = find_within(client, f'{{mark="{mark}"}}', 2)
    assert [each.line for each in found] == ["fallback to FP32 for conv_3", 'quoted "tensor" and ünïcode']
    assert [each["severity"] for each in found] == ["warning", "error"]
    assert [each["detected_level"] for each in found] == ["warn", "error"]
    assert [each["model"] for each in found] == ["yolov5s", None]
    assert [each["logger"] for each in found] == ["inference", "inference"]


@pytest.mark.parametrize("shape", ["gzip", "plain"])
def test_loki_logger_handler(client: HttpClient, mark: str, shape: str) -> None:
    run_python("loki_handler", client.url, mark, shape)
    found = find_within(client, f'{{mark="{mark}"}}', 2)
    assert [json.loads(each.line)["message"] for each in found] == ["engine cache miss", "enqueue failed"]
    assert [each["model"] for each in found] == ["resnet50", "resnet50"]


@needs_node("winston-loki")
@pytest.mark.parametrize("shape", ["protobuf", "json"])
def test_winston_loki(client: HttpClient, mark: str, shape: str) -> None:
    run_node("winston_loki", client.url, mark, shape)
    found = find_within(client, f'{{mark="{mark}", client="winston-loki"}}', 3)
    assert sorted((each["level"], each.line, each["model"]) for each in found) == [
        ("debug", 'labelled {"level":"debug"}', "bert-base"),
        ("error", 'quoted "tensor" and ünïcode {"level":"error"}', None),
        ("info", 'engine loaded {"level":"info"}', None),
    ]


@needs_node("pino-loki")
def test_pino_loki(client: HttpClient, mark: str) -> None:
    run_node("pino_loki", client.url, mark)
    found = find_within(client, f'{{mark="{mark}", client="pino-loki"}}', 2)
    assert sorted((each["level"], json.loads(each.line)["msg"], each["model"]) for each in found) == [
        ("error", 'quoted "tensor" and ünïcode', None),
        ("info", "engine loaded", "bert-base"),
    ]


@pytest.mark.skipif(not has_syslog_ng, reason="syslog-ng is not installed: scripts/setup does it for root on Debian")
def test_syslog_ng(client: HttpClient, mark: str, tmp_path: Path) -> None:
    (tmp_path / "s.conf").write_text(SYSLOG_NG % (client.url, mark))
    (tmp_path / "in.log").write_text("".join(f'<11>Nov 23 01:00:00 gpu-1 trtexec: line "{n}"\n' for n in range(15)))
    options = ("--no-caps", "-R", tmp_path / "persist", "-c", tmp_path / "control", "-p", tmp_path / "pid")
    command = ["syslog-ng", "-F", "-f", tmp_path / "s.conf", *options]
    with subprocess.Popen([str(part) for part in command], cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        found = find_within(client, f'{{mark="{mark}"}}', 15)
        process.terminate()
        told = process.communicate(timeout=20)[1]
    assert sorted(each["msg"] or "" for each in found) == sorted(f'line "{n}"' for n in range(15)), told
    assert {(each["program"], each["severity"], each["detected_level"]) for each in found} == {
        ("trtexec", "err", "error")
    }


SYSLOG_NG = r"""@version: 3.38
source s { file("in.log" flags(store-legacy-msghdr) follow-freq(0.2)); };
destination d { http(url("%s/loki/api/v1/push") method("POST") headers("Content-Type: application/json")
  body-prefix("{\"streams\":[") delimiter(",") body-suffix("]}")
  body('{"stream":$(format-json --scope none mark=%s program=$PROGRAM severity=$LEVEL),"values":[["${R_UNIXTIME}${R_USEC}000","$(base64-encode $MSG)",$(format-json --scope none msg=$MSG)]]}')
  batch-lines(50) batch-timeout(200)); };
log { source(s); destination(d); };
"""  # noqa: E501


def test_loki_reader_core(client: HttpClient, mark: str) -> None:
    run_python("loki_handler", client.url, mark, "plain")
    now_ns = time.time_ns()
    window = {"start": now_ns - HOUR_NS, "end": now_ns + HOUR_NS // 60}
    reader = LokiClient(client.url)
    result = reader.query_range(f'{{mark="{mark}"}} | json', direction="forward", **window)
    lines = [json.loads(entry.message)["message"] for stream in result.streams for entry in stream.entries]
    assert sorted(lines) == ["engine cache miss", "enqueue failed"]
    assert "mark" in reader.get_labels(**window)
    assert mark in reader.get_label_values("mark", **window)
    assert [series["mark"] for series in reader.get_series([f'{{mark="{mark}"}}'], **window)] == [mark]
    with pytest.raises(LokiQueryError, match="parse error at line 1, col 2"):
        reader.query_range("{", **window)
    reader.close()


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
