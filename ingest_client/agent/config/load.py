"""The whole configuration: YAML to values, all mistakes at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from ingest_client.agent.config.clients import read_clients
from ingest_client.agent.config.expand import expand_environment
from ingest_client.agent.config.model import (
    AgentConfig,
    GpuConfig,
    HeartbeatConfig,
    LineLimits,
    Outbox,
    Positions,
    Server,
)
from ingest_client.agent.config.scrape import read_scrape_configs
from ingest_client.agent.config.section import Findings, Section
from ingest_client.agent.errors import ConfigError

__all__ = ["load_config", "read_config"]

_NOT_NEEDED = "has no effect here: the agent has no such part"


def load_config(
    path: Path, expands_environment: bool = False, environment: Mapping[str, str] | None = None
) -> AgentConfig:
    """Read a file. Raises ConfigError with every mistake in it."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: {getattr(error, 'strerror', None) or error}"]) from error
    if expands_environment:
        text = expand_environment(text, os.environ if environment is None else environment)
    return read_config(text, str(path))


def read_config(text: str, name: str = "configuration") -> AgentConfig:
    """Read a text. Raises ConfigError."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError([f"{name}: not YAML: {' '.join(str(error).split())}"]) from error
    findings = Findings()
    top = Section(document, "", findings)
    config = AgentConfig(
        server=_server(top.section("server")),
        positions=_positions(top.section("positions")),
        outbox=_outbox(top.section("outbox")),
        clients=read_clients(top),
        scrape=read_scrape_configs(top),
        limits=_limits(top.section("limits_config")),
        gpu=_gpu(top.section("gpu")),
        heartbeat=_heartbeat(top.section("heartbeat")),
        sync_period_s=_target(top.section("target_config")),
        poll_s=_poll(top.section("global")),
        warnings=(),
    )
    top.unsupported(("tracing", "wal"), _NOT_NEEDED)
    options = top.section("options")
    options.unsupported(("stream_lag_labels",), "has no effect: lag is told for each file")
    options.finish()
    top.finish()
    findings.raise_mistakes()
    return replace(config, warnings=tuple(findings.warnings))


def _server(section: Section) -> Server:
    server = Server(
        section.text("http_listen_address"),
        section.integer("http_listen_port", 9080),
        not section.boolean("disable"),
    )
    section.unsupported(
        (
            *("log_level", "log_format", "external_url", "health_check_target", "register_instrumentation"),
            *("graceful_shutdown_timeout", "http_server_read_timeout", "http_server_write_timeout"),
            *("http_server_idle_timeout", "profiling_enabled", "enable_runtime_reload", "http_path_prefix"),
            *("grpc_server_max_recv_msg_size", "grpc_server_max_send_msg_size"),
            *("grpc_server_max_concurrent_streams",),
        ),
        "has no effect",
    )
    for name in ("grpc_listen_port", "grpc_listen_address"):
        section.raw(name)  # every configuration of promtail switches its gRPC port off
    section.finish()
    return server


def _positions(section: Section) -> Positions:
    positions = Positions(
        Path(section.text("filename", "/var/log/positions.yaml")), section.duration_s("sync_period", 10.0)
    )
    section.raw("ignore_invalid_yaml")  # a broken file never stops the agent
    section.finish()
    return positions


def _outbox(section: Section) -> Outbox:
    outbox = Outbox(section.size_bytes("max_size", 256 << 20))
    section.finish()
    return outbox


def _limits(section: Section) -> LineLimits:
    rated = section.boolean("readline_rate_enabled")
    rate, burst = section.number("readline_rate", 10_000), section.integer("readline_burst", 10_000)
    limits = LineLimits(
        section.size_bytes("max_line_size", 0),
        section.boolean("max_line_size_truncate"),
        rate if rated else 0.0,
        burst if rated else 0,
        section.boolean("readline_rate_drop", True),
    )
    section.unsupported(("max_streams",), "has no effect: a label with too many values becomes metadata instead")
    section.finish()
    return limits


def _gpu(section: Section) -> GpuConfig:
    gpu = GpuConfig(
        section.boolean("enabled", False),
        section.duration_s("interval", 5.0),
        section.mapping("labels"),
    )
    section.finish()
    return gpu


def _heartbeat(section: Section) -> HeartbeatConfig:
    heartbeat = HeartbeatConfig(
        section.boolean("enabled", True),
        section.duration_s("interval", 60.0),
        section.mapping("labels"),
    )
    section.finish()
    return heartbeat


def _target(section: Section) -> float:
    period_s = section.duration_s("sync_period", 10.0)
    section.raw("stdin")
    section.finish()
    return period_s


def _poll(section: Section) -> float:
    watch = section.section("file_watch_config")
    watch.duration_s("min_poll_frequency", 0.25)
    poll_s = watch.duration_s("max_poll_frequency", 0.25)
    watch.finish()
    section.finish()
    return max(0.01, poll_s)
