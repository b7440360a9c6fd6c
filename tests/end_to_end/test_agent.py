"""The agent beside a server: a promtail configuration unchanged, and no line lost or doubled whatever happens."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest_client.agent.agent import Agent
from ingest_client.agent.config.load import read_config
from tests.end_to_end.agent_trial import Plan, run_trial
from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.server_process import LOGCTL, ServerProcess

SEED = """
server:
  http_listen_port: 9080
  grpc_listen_port: 0
positions:
  filename: {root}/positions.yaml
clients:
  - url: {url}/loki/api/v1/push
scrape_configs:
  - job_name: tensorrt
    static_configs:
      - targets:
          - localhost
        labels:
          job: tensorrt-inference
          host: {mark}
          model: yolov5s
          __path__: {root}/var/log/tensorrt/*.log
"""


def run_agent(text: str, until: Callable[[], bool], timeout_s: float = 20.0) -> Agent:
    agent = Agent(read_config(text))
    deadline_s = time.monotonic() + timeout_s
    agent.run(until=lambda: until() or time.monotonic() > deadline_s)
    return agent


def lines_of(client: HttpClient, query: str) -> list[str]:
    window: dict[str, str | int] = {"limit": 1000, "start": time.time_ns() - 3_600_000_000_000}
    streams = client.get("/loki/api/v1/query_range", {"query": query, **window}).json["data"]["result"]
    values = sorted((int(value[0]), value[1]) for stream in streams for value in stream["values"])
    return [line for _, line in values]


def test_a_promtail_configuration_works_unchanged(
    server: ServerProcess,
    mark: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logs = tmp_path / "var/log/tensorrt"
    logs.mkdir(parents=True)
    (logs / "edge.log").write_text("[INFO] engine ready\n[ERROR] CUDA error: out of memory during enqueue\n")
    selector = f'{{host="{mark}"}}'
    client = server.client()
    run_agent(SEED.format(root=tmp_path, url=server.url, mark=mark), lambda: len(lines_of(client, selector)) == 2)
    query = f'<job="tensorrt-inference", model="yolov5s", host="{mark}"> |~ "out of memory"'
    command = [str(LOGCTL), "query", query, "--output", "raw", "--addr", server.url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[ERROR] CUDA error: out of memory during enqueue\n"


def test_what_the_tensorrt_stage_finds_can_be_asked_for(server: ServerProcess, mark: str, tmp_path: Path) -> None:
    config: dict[str, Any] = yaml.safe_load(SEED.format(root=tmp_path, url=server.url, mark=mark))
    config["scrape_configs"][0]["pipeline_stages"] = [{"tensorrt": None}]
    logs = tmp_path / "var/log/tensorrt"
    logs.mkdir(parents=True)
    storm = "[TRT] [W] Default DLA is enabled but layer a is not supported on DLA, falling back to GPU.\n" * 500
    (logs / "edge.log").write_text(storm + "[TRT] [E] 2: [a.cpp::f::1] Error Code 2: OutOfMemory (no)\n  more\n")
    client = server.client()
    agent = Agent(read_config(yaml.safe_dump(config)))
    agent.turn()
    agent.drain(20)
    agent.close()
    assert lines_of(client, f'{{host="{mark}"}} | event="oom" | level="error"') == [
        "[TRT] [E] 2: [a.cpp::f::1] Error Code 2: OutOfMemory (no)\n  more"
    ]
    assert len(lines_of(client, f'{{host="{mark}"}} | event="fallback" | from="dla"')) == 2
    assert len(lines_of(client, f'{{host="{mark}"}} | repeat_count="499"')) == 1


def test_a_second_agent_on_the_same_positions_is_refused(server: ServerProcess, mark: str, tmp_path: Path) -> None:
    config = read_config(SEED.format(root=tmp_path, url=server.url, mark=mark))
    first = Agent(config)
    with pytest.raises(ValueError, match="in use by another agent"):
        Agent(config)
    first.close()


@pytest.mark.slow
def test_no_line_is_lost_or_doubled_through_rotations_and_kills(tmp_path: Path) -> None:
    plan = Plan(
        files=10, lines_per_s=2_000, seconds=6.0, rotations=12, agent_kills=3, server_kills=1, pipeline="tensorrt"
    )
    outcome = run_trial(tmp_path, plan)
    assert (outcome.lost, outcome.doubled) == (0, 0), str(outcome)
    assert outcome.written >= 10_000
