"""A configuration that was read: values only, all of them checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest_client.agent.relabel import RelabelRule
from ingest_client.settings import ClientSettings

__all__ = [
    "AgentConfig",
    "ClientConfig",
    "Decompression",
    "DockerDiscovery",
    "FileDiscovery",
    "GpuConfig",
    "HeartbeatConfig",
    "JournalConfig",
    "LineLimits",
    "Outbox",
    "Positions",
    "ScrapeConfig",
    "Server",
    "StaticTarget",
]


@dataclass(frozen=True, slots=True)
class Server:
    """Where ``/metrics``, ``/ready`` and ``/targets`` are answered."""

    address: str
    port: int
    enabled: bool


@dataclass(frozen=True, slots=True)
class Positions:
    """How far every file was read, and where what is on its way is kept."""

    file: Path
    sync_period_s: float


@dataclass(frozen=True, slots=True)
class Outbox:
    """Bounds of what is on its way. ``max_bytes`` on the disk; when it is full, files wait."""

    max_bytes: int


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """One server to push to."""

    name: str
    settings: ClientSettings
    tenant: str
    external_labels: Mapping[str, str] = field(default_factory=dict)
    batch_wait_s: float = 1.0
    batch_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class StaticTarget:
    """Files by pattern, with labels; ``path_labels`` takes more labels from the path."""

    labels: Mapping[str, str]
    path: str = ""
    exclude: str = ""
    path_labels: str = ""
    read_from: str = "start"


@dataclass(frozen=True, slots=True)
class FileDiscovery:
    """Targets in files of YAML or JSON, read again when they change."""

    patterns: tuple[str, ...]
    refresh_s: float = 300.0


@dataclass(frozen=True, slots=True)
class DockerDiscovery:
    """Containers that Docker tells of; ``host`` is unix:// or tcp://, ``filters`` are those of its API."""

    host: str
    refresh_s: float = 60.0
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JournalConfig:
    """The journal of systemd."""

    labels: Mapping[str, str]
    max_age_s: float = 7 * 3600.0
    as_json: bool = False
    path: str = ""
    matches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decompression:
    """Whether the files are compressed, and how; an empty format goes by the name."""

    enabled: bool = False
    format: str = ""
    initial_delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LineLimits:
    """``limits_config``. A size or rate of 0 is no limit."""

    max_line_bytes: int = 0
    truncates: bool = False
    lines_per_s: float = 0.0
    burst: int = 0
    drops: bool = False


@dataclass(frozen=True, slots=True)
class ScrapeConfig:
    """One entry of ``scrape_configs``. ``stages`` are as YAML has them: a pipeline is built for each run."""

    job_name: str
    where: str
    stages: tuple[Any, ...] = ()
    static: tuple[StaticTarget, ...] = ()
    discovered: tuple[FileDiscovery, ...] = ()
    docker: tuple[DockerDiscovery, ...] = ()
    journal: JournalConfig | None = None
    relabel: tuple[RelabelRule, ...] = ()
    encoding: str = "utf-8"
    decompression: Decompression = Decompression()


@dataclass(frozen=True, slots=True)
class GpuConfig:
    """Readings of GPUs beside the logs."""

    enabled: bool = False
    interval_s: float = 5.0
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeartbeatConfig:
    """A line about the agent itself, now and then."""

    enabled: bool = True
    interval_s: float = 60.0
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """All of it, and what was warned of."""

    server: Server
    positions: Positions
    outbox: Outbox
    clients: tuple[ClientConfig, ...]
    scrape: tuple[ScrapeConfig, ...]
    limits: LineLimits
    gpu: GpuConfig
    heartbeat: HeartbeatConfig
    sync_period_s: float
    poll_s: float
    warnings: tuple[str, ...]
