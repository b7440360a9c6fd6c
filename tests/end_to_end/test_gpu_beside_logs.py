"""A GPU that falls idle and the line that says why: one agent, one clock, and the questions that show both at once."""

from __future__ import annotations

import time
from pathlib import Path

import yaml

from ingest_client.agent.agent import Agent
from ingest_client.agent.config.load import read_config
from ingest_client.agent.config.model import GpuConfig
from ingest_client.agent.gpu.job import GpuJob
from ingest_client.agent.gpu.reading import GpuReading
from ingest_client.agent.gpu.xids import Xid
from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.server_process import ServerProcess

INTERVAL_S = 0.5
FALLBACK = "[TRT] [W] Default DLA is enabled but layer Slice_63 is not supported on DLA, falling back to GPU."


class Gpu:
    """At work until it is told to fall idle, and as warm as before."""

    util = 85.0

    def read(self) -> list[GpuReading]:
        return [GpuReading("0", gpu_util=self.util, mem_used_bytes=6 << 30, temp_c=61.0)]

    def xids(self) -> list[Xid]:
        return []

    def close(self) -> None:
        """Nothing is held."""


def points(client: HttpClient, query: str, start_s: float) -> list[tuple[float, float]]:
    window: dict[str, str | int] = {"start": int(start_s * 1e9), "end": time.time_ns(), "step": "500ms"}
    answer = client.get("/loki/api/v1/query_range", {"query": query, **window})
    assert answer.status == 200, answer.text
    (series,) = answer.json["data"]["result"]
    assert series["metric"]["host"]
    return [(float(at_s), float(value)) for at_s, value in series["values"]]


def test_readings_and_lines_tell_of_one_moment(server: ServerProcess, mark: str, tmp_path: Path) -> None:
    stages = [{"tensorrt": None}, {"labeldrop": ["filename"]}]
    labels = {"job": "inference", "host": mark, "model": "yolov8s", "gpu": "0", "__path__": f"{tmp_path}/*.log"}
    document = {
        "positions": {"filename": f"{tmp_path}/positions.yaml"},
        "clients": [{"url": server.url, "batchwait": "100ms"}],
        "heartbeat": {"enabled": False},
        "scrape_configs": [{"job_name": "a", "static_configs": [{"labels": labels}], "pipeline_stages": stages}],
    }
    agent, gpu, started_s = Agent(read_config(yaml.safe_dump(document))), Gpu(), time.time()
    agent.jobs.append(GpuJob(GpuConfig(True, INTERVAL_S, {"host": mark}), [gpu], agent.context.metrics))
    agent_until_s = started_s + 2.0
    log = tmp_path / "edge.log"
    log.write_text("[TRT] [I] Loaded engine size: 9 MiB\n")
    while time.time() < agent_until_s + 2.0:
        if time.time() >= agent_until_s and gpu.util > 50:
            gpu.util = 5.0
            with log.open("a") as file:
                file.write(FALLBACK + "\n")
        agent.turn()
        time.sleep(0.05)
    assert agent.drain(20)
    agent.close()
    client = server.client()
    gpu_stream = f'{{job="gpu-metrics",host="{mark}"}}'
    util = f'avg_over_time({gpu_stream} | json gpu_util="gpu_util" | unwrap gpu_util | __error__="" [1s]) by (host,gpu)'
    curve = points(client, util, started_s)
    fell_s = next(at_s for at_s, value in curve if value < 50)
    assert max(value for _, value in curve) == 85
    warmth = f'max_over_time({gpu_stream} | json t="temp_c" | unwrap t [1s]) by (host,gpu)'
    assert {value for _, value in points(client, warmth, started_s)} == {61.0}
    counted = f'sum by (host,model) (count_over_time({{job="inference",host="{mark}"}} | event="fallback" [1s]))'
    logged_s = points(client, counted, started_s)[0][0]
    # One interval of the readings, and the half second and the second in which the questions look.
    assert abs(fell_s - logged_s) <= INTERVAL_S + 1.5
