"""``scrape_configs``: what is read, and how."""

from __future__ import annotations

import codecs
from urllib.parse import urlsplit

from ingest_client.agent.config.model import (
    Decompression,
    DockerDiscovery,
    FileDiscovery,
    JournalConfig,
    ScrapeConfig,
    StaticTarget,
)
from ingest_client.agent.config.section import Section
from ingest_client.agent.path_labels import PathPattern
from ingest_client.agent.relabel import read_rules

__all__ = ["read_scrape_configs", "static_target"]

_PATH, _EXCLUDE = "__path__", "__path_exclude__"
_ELSEWHERE = (
    *("dockerswarm_sd_configs", "consul_sd_configs"),
    *("consulagent_sd_configs", "dns_sd_configs", "ec2_sd_configs", "gce_sd_configs", "azure_sd_configs"),
    *("openstack_sd_configs", "triton_sd_configs", "marathon_sd_configs", "nerve_sd_configs", "serverset_sd_configs"),
    *("syslog", "loki_push_api", "windows_events", "kafka", "gelf", "gcplog", "cloudflare", "heroku_drain"),
    *("azure_event_hubs", "consul_agent_sd_configs"),
)
_FORMATS = ("", "gz", "bz2", "z", "xz", "zst")


def read_scrape_configs(top: Section) -> tuple[ScrapeConfig, ...]:
    """All entries; names must differ."""
    configs = tuple(_read(section) for section in top.sections("scrape_configs"))
    names = [config.job_name for config in configs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        top.mistake(f"two entries have the job_name {name!r}", "scrape_configs")
    return configs


def _read(section: Section) -> ScrapeConfig:
    name = section.text("job_name", required=True)
    section.unsupported(_ELSEWHERE, "is not supported by this agent: nothing is read from it")
    section.unsupported(
        ("kubernetes_sd_configs",),
        "is not supported by this agent: nothing is read from it; read /var/log/containers/*.log by static_configs, "
        "with the cri stage and path_labels",
    )
    stages = section.raw("pipeline_stages")
    if stages is not None and not isinstance(stages, list):
        section.mistake("write a list of stages here", "pipeline_stages")
        stages = []
    config = ScrapeConfig(
        name,
        section.place("pipeline_stages"),
        tuple(stages or ()),
        tuple(target for each in section.sections("static_configs") if (target := _static(each)) is not None),
        tuple(_discovery(each) for each in section.sections("file_sd_configs")),
        tuple(_docker(each) for each in section.sections("docker_sd_configs")),
        _journal(section.section("journal")) if section.has("journal") else None,
        read_rules(section),
        _encoding(section),
        _decompression(section.section("decompression")),
    )
    section.finish()
    return config


def _static(section: Section) -> StaticTarget | None:
    section.raw("targets")
    target = static_target(section)
    section.finish()
    if target.labels and not target.path:
        section.warn(f"nothing is read: there is no {_PATH}", "labels")
    return target if target.path else None


def static_target(section: Section) -> StaticTarget:
    """A target with its files; also an entry of a discovery file."""
    labels = section.mapping("labels")
    path, exclude = labels.pop(_PATH, ""), labels.pop(_EXCLUDE, "")
    pattern, read_from = section.text("path_labels"), section.text("read_from", "start")
    if read_from not in ("start", "end"):
        section.mistake(f"start or end, not {read_from!r}", "read_from")
    if pattern:
        try:
            PathPattern(pattern)
        except ValueError as error:
            section.mistake(str(error), "path_labels")
    return StaticTarget(labels, path, exclude, pattern, read_from)


def _discovery(section: Section) -> FileDiscovery:
    found = FileDiscovery(tuple(section.texts("files")), section.duration_s("refresh_interval", 300.0))
    if not found.patterns:
        section.mistake("name at least one file", "files")
    section.finish()
    return found


def _docker(section: Section) -> DockerDiscovery:
    host = section.text("host", required=True)
    if urlsplit(host).scheme not in ("unix", "tcp", "http", ""):
        section.mistake(f"write unix:///var/run/docker.sock or tcp://host:2375, not {host!r}", "host")
    filters = {each.text("name", required=True): tuple(each.texts("values")) for each in section.sections("filters")}
    found = DockerDiscovery(host, section.duration_s("refresh_interval", 60.0), filters)
    for name in ("port", "host_networking_host", "match_first_network"):
        section.raw(name)  # of addresses, which logs have none of
    section.unsupported(
        ("tls_config", "basic_auth", "authorization", "bearer_token", "bearer_token_file", "oauth2", "proxy_url"),
        "is not supported: use Docker's socket",
    )
    for name in ("follow_redirects", "enable_http2"):
        section.raw(name)
    section.finish()
    return found


def _journal(section: Section) -> JournalConfig:
    journal = JournalConfig(
        section.mapping("labels"),
        section.duration_s("max_age", 7 * 3600.0),
        section.boolean("json"),
        section.text("path"),
        tuple(section.text("matches").split()),
    )
    section.finish()
    return journal


def _encoding(section: Section) -> str:
    name = section.text("encoding", "utf-8")
    try:
        return codecs.lookup(name).name
    except LookupError:
        section.mistake(f"{name!r} is no encoding", "encoding")
        return "utf-8"


def _decompression(section: Section) -> Decompression:
    decompression = Decompression(
        section.boolean("enabled"), section.text("format"), section.duration_s("initial_delay", 0.0)
    )
    if decompression.format not in _FORMATS:
        section.mistake(f"{decompression.format!r} is none of gz, bz2, z, xz, zst", "format")
    section.finish()
    return decompression
