"""``docker_sd_configs``: containers that Docker's socket tells of, read from the files of its json-file driver.

Promtail takes lines through the socket, too. Files have what was written while the agent was away, and exact positions:
``/var/lib/docker/containers`` has to be readable, and containers with another log driver are named.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from ingest_client.agent.config.model import DockerDiscovery, StaticTarget
from ingest_client.agent.files.watcher import Complain
from ingest_client.agent.row import Row
from ingest_client.agent.stages.docker import DockerStage

__all__ = ["ContainerStage", "DockerTargets"]

_META = "__meta_docker_"
# Of one container both streams are in one file: which it is, its lines say.
_STREAM = "\0stream\0"
_TIMEOUT_S = 5.0


class ContainerStage(DockerStage):
    """The lines of a container's file; labels made of ``__meta_docker_container_log_stream`` get the line's stream."""

    def process(self, rows: list[Row]) -> list[Row]:
        out = super().process(rows)
        for row in out:
            labels = dict(row.labels)
            stream = labels.pop("stream", "")
            row.labels = {name: value.replace(_STREAM, stream) for name, value in labels.items()}
            row.extracted = dict(row.labels)
        return out


class DockerTargets:
    """The containers of one Docker, asked for anew each ``refresh_s``; what is known stays while it does not answer."""

    def __init__(self, config: DockerDiscovery, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._config, self._monotonic_s = config, monotonic_s
        self._due_s = 0.0
        self._targets: list[StaticTarget] = []

    def targets(self, complain: Complain) -> list[StaticTarget]:
        """One for each container."""
        if self._monotonic_s() >= self._due_s:
            self._due_s = self._monotonic_s() + self._config.refresh_s
            kind = f"docker {self._config.host}"
            try:
                self._targets = list(self._asked(complain))
                complain(kind, "")
            except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
                complain(kind, f"Docker at {self._config.host} does not tell its containers: {error}")
        return self._targets

    def _asked(self, complain: Complain) -> Iterator[StaticTarget]:
        query = f"?filters={quote(json.dumps(self._config.filters))}" if self._config.filters else ""
        for container in self._get(f"/containers/json{query}"):
            details = self._get(f"/containers/{container['Id']}/json")
            path, kind = details.get("LogPath") or "", f"container {container['Id']}"
            if not path or not os.access(path, os.R_OK):
                driver = details.get("HostConfig", {}).get("LogConfig", {}).get("Type")
                remedy = f"{path} cannot be read: mount it here" if path else f"the log driver {driver} keeps no file"
                complain(kind, f"container {container['Names'][0]}: nothing is read from it, {remedy}")
                continue
            complain(kind, "")
            yield StaticTarget(_labels(container), path)

    def _get(self, path: str) -> Any:
        connection = _connection(self._config.host)
        try:
            connection.request("GET", path, headers={"Host": "docker"})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"{path} is answered {answer.status}: {body[:200].decode('utf-8', 'replace').strip()}")
        return json.loads(body)


def _labels(container: Mapping[str, Any]) -> dict[str, str]:
    """As Prometheus calls them; characters that no label has become underscores."""
    networks = container.get("NetworkSettings", {}).get("Networks", {}) or {"": {}}
    name, network = next(iter(networks.items()))
    labels = {
        f"{_META}container_id": container["Id"],
        f"{_META}container_name": container["Names"][0],
        f"{_META}container_network_mode": container.get("HostConfig", {}).get("NetworkMode", ""),
        f"{_META}container_log_stream": _STREAM,
        f"{_META}network_name": name,
        f"{_META}network_id": network.get("NetworkID", ""),
        f"{_META}network_ip": network.get("IPAddress", ""),
    }
    for label, value in (container.get("Labels") or {}).items():
        clean = "".join(each if each.isascii() and each.isalnum() else "_" for each in label)
        labels[f"{_META}container_label_{clean}"] = value
    return labels


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("docker", timeout=_TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIMEOUT_S)
        self.sock.connect(self._path)


def _connection(host: str) -> http.client.HTTPConnection:
    parts = urlsplit(host)
    if parts.scheme == "unix":
        return _UnixConnection(parts.path)
    return http.client.HTTPConnection(parts.hostname or "", parts.port or 2375, timeout=_TIMEOUT_S)
