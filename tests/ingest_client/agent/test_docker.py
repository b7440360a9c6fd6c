"""Containers: a socket that answers as Docker's does, and the files that Docker writes."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ingest_client.agent.agent import Agent
from ingest_client.agent.config.load import read_config
from ingest_client.agent.config.model import AgentConfig, DockerDiscovery
from ingest_client.agent.docker import DockerTargets
from ingest_client.agent.errors import ConfigError
from tests.ingest_client.receiver import receiving

CONFIG = """
positions: {{filename: {root}/positions.yaml}}
clients: [{{url: '{url}'}}]
scrape_configs:
  - job_name: containers
    docker_sd_configs:
      - host: unix://{root}/docker.sock
        refresh_interval: 10ms
        filters: [{{name: label, values: [logging=yes]}}]
    relabel_configs:
      - {{source_labels: [__meta_docker_container_name], regex: '/(.*)', target_label: container}}
      - {{source_labels: [__meta_docker_container_log_stream], target_label: logstream}}
      - {{source_labels: [__meta_docker_container_label_com_docker_compose_service], target_label: service}}
      - {{source_labels: [container], regex: skipped, action: drop}}
    pipeline_stages:
      - docker: {{}}
      - labeldrop: [filename]
"""


class Docker:
    """``containers`` by id, as its API tells them; their logs are files of ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.containers: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    def start(self, number: str, name: str, driver: str = "json-file") -> None:
        labels = {"com.docker.compose.service": f"{name}-service"}
        networks = {"default": {"NetworkID": "n1", "IPAddress": "172.17.0.2"}}
        path = str(self.folder / f"{number}-json.log") if driver == "json-file" else ""
        self.containers[number] = {
            "list": {"Id": number, "Names": [f"/{name}"], "Labels": labels, "NetworkSettings": {"Networks": networks}},
            "details": {"LogPath": path, "HostConfig": {"LogConfig": {"Type": driver}}},
        }
        if path:
            Path(path).touch()

    def say(self, number: str, text: str, stream: str = "stdout") -> None:
        line = {"log": text, "stream": stream, "time": "2026-11-23T07:00:00.000000001Z"}
        with (self.folder / f"{number}-json.log").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def answer(self, path: str) -> Any:
        self.asked.append(path)
        parts = urlsplit(path).path.split("/")
        if parts[2] == "json":
            return [container["list"] for container in self.containers.values()]
        return self.containers[parts[2]]["details"]


@contextmanager
def listening(docker: Docker, path: Path) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(docker.answer(self.path)).encode()
            self.send_response_only(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with socketserver.ThreadingUnixStreamServer(str(path), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture
def docker(tmp_path: Path) -> Iterator[Docker]:
    made = Docker(tmp_path)
    with listening(made, tmp_path / "docker.sock"):
        yield made


def config(root: Path, url: str) -> AgentConfig:
    return read_config(CONFIG.format(root=root, url=url))


def test_lines_of_containers_have_labels_of_docker_and_come_once(docker: Docker, tmp_path: Path) -> None:
    docker.start("c1", "web")
    docker.start("c2", "skipped")
    docker.say("c1", "ready\n")
    docker.say("c1", "half of a ", "stderr")
    docker.say("c1", "line\n", "stderr")
    docker.say("c2", "unwanted\n")
    with receiving() as receiver:
        agent = Agent(config(tmp_path, receiver.url))
        agent.run(until=lambda: len(receiver.lines) == 2, drain_s=5)
        docker.start("c3", "db")
        docker.say("c3", "from a new one\n")
        after = Agent(config(tmp_path, receiver.url))
        after.run(until=lambda: len(receiver.lines) == 3, drain_s=5)
    assert [(labels, value[1]) for labels, values in receiver.pushes for value in values] == [
        ({"container": "web", "logstream": "stdout", "service": "web-service"}, "ready"),
        ({"container": "web", "logstream": "stderr", "service": "web-service"}, "half of a line"),
        ({"container": "db", "logstream": "stdout", "service": "db-service"}, "from a new one"),
    ]
    assert {value[0][:19] for value in receiver.values} == {"1795417200000000001"}
    (filters,) = parse_qs(urlsplit(docker.asked[0]).query)["filters"]
    assert json.loads(filters) == {"label": ["logging=yes"]}


def test_a_container_without_a_file_is_named(docker: Docker, tmp_path: Path) -> None:
    docker.start("c1", "quiet", driver="none")
    docker.start("c2", "away")
    (tmp_path / "c2-json.log").unlink()
    docker.start("c3", "fine")
    told: list[str] = []
    targets = DockerTargets(DockerDiscovery(f"unix://{tmp_path}/docker.sock")).targets(
        lambda kind, text: told.append(text) if text else None
    )
    assert [target.labels["__meta_docker_container_name"] for target in targets] == ["/fine"]
    assert told == [
        "container /quiet: nothing is read from it, the log driver none keeps no file",
        f"container /away: nothing is read from it, {tmp_path}/c2-json.log cannot be read: mount it here",
    ]


def test_what_is_known_stays_while_docker_does_not_answer(docker: Docker, tmp_path: Path) -> None:
    docker.start("c1", "web")
    told: list[str] = []
    now_s = [0.0]
    found = DockerTargets(DockerDiscovery(f"unix://{tmp_path}/docker.sock", 60.0), lambda: now_s[0])
    first = found.targets(lambda kind, text: told.append(text))
    asked = len(docker.asked)
    now_s[0] = 59.0
    assert found.targets(lambda kind, text: told.append(text)) == first
    assert len(docker.asked) == asked
    (tmp_path / "docker.sock").unlink()
    now_s[0] = 61.0
    told.clear()
    assert found.targets(lambda kind, text: told.append(text)) == first
    assert "does not tell its containers" in told[0]


@pytest.mark.parametrize("text", ["{host: 'ftp://x'}", "{}", "{host: 'unix:///x', hots: 1}"])
def test_mistakes(text: str) -> None:
    with pytest.raises(ConfigError):
        read_config(f"clients: [{{url: 'http://a'}}]\nscrape_configs: [{{job_name: a, docker_sd_configs: [{text}]}}]")
