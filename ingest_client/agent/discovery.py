"""``file_sd_configs``: targets in files of YAML or JSON, read again when they change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache

import yaml

from ingest_client.agent.config.model import FileDiscovery, StaticTarget
from ingest_client.agent.config.scrape import static_target
from ingest_client.agent.config.section import Findings, Section
from ingest_client.agent.files.globs import paths_of
from ingest_client.agent.files.watcher import Complain

__all__ = ["discovered_targets"]


def discovered_targets(discovery: FileDiscovery, complain: Complain) -> Iterator[StaticTarget]:
    """The targets of all files of a discovery; a file that cannot be read gives none, and a complaint."""
    for pattern in discovery.patterns:
        for path in paths_of(pattern):
            targets, mistakes = _targets(path, _version(path))
            complain(f"discovery {path}", "; ".join(mistakes))
            yield from targets


def _version(path: str) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=256)
def _targets(path: str, version: tuple[int, int]) -> tuple[tuple[StaticTarget, ...], tuple[str, ...]]:
    try:
        with open(path, encoding="utf-8") as file:
            document = yaml.safe_load(file)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        return (), (f"{path}: {' '.join(str(error).split())}",)
    findings = Findings()
    sections = Section({"targets": document}, path, findings).sections("targets")
    targets = []
    for section in sections:
        section.raw("targets")
        target = static_target(section)
        section.finish()
        if target.path:
            targets.append(target)
    return tuple(targets), tuple(findings.mistakes)
