"""One entry of ``scrape_configs`` at work: its sources, its pipeline, and what of both is to be saved."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest_client.agent.config.model import ScrapeConfig, StaticTarget
from ingest_client.agent.discovery import discovered_targets
from ingest_client.agent.docker import DockerTargets
from ingest_client.agent.files.position import FilePosition
from ingest_client.agent.files.tail import Tail
from ingest_client.agent.files.watcher import Complain, FileWatcher
from ingest_client.agent.journal import Journal
from ingest_client.agent.line_limits import LimitedLines
from ingest_client.agent.path_labels import PathPattern
from ingest_client.agent.pipeline import Pipeline
from ingest_client.agent.relabel import relabelled
from ingest_client.agent.row import Row

__all__ = ["Job"]

# A source that brings more than its stages let through is not read meanwhile.
_MAX_WAITING = 2_000
_FORGET_S = 30.0


class Job:
    """Used by one thread. ``positions`` are those of an earlier run, by scope and key."""

    def __init__(
        self,
        config: ScrapeConfig,
        pipeline: Pipeline,
        positions: Mapping[str, Mapping[str, Any]],
        imported: Mapping[str, int],
        limits: LimitedLines,
        complain: Complain,
    ) -> None:
        self.config, self.pipeline = config, pipeline
        self._positions, self._imported, self._complain = positions, imported, complain
        self._limits = limits
        self._watchers: dict[str, FileWatcher] = {}
        self._labels: dict[str, dict[str, str]] = {}
        self._journal = (
            Journal.start(config, positions.get(self._journal_scope, {}), complain) if config.journal else None
        )
        self._dockers = [DockerTargets(each) for each in config.docker]
        self._forget_at_s = time.monotonic() + _FORGET_S

    @property
    def tails(self) -> list[Tail]:
        """All open files."""
        return [tail for watcher in self._watchers.values() for tail in watcher.tails]

    def discover(self) -> None:
        """Look for targets and files that came or went."""
        wanted = {self._scope(target): target for target in (*self.config.static, *self._discovered())}
        for scope in [scope for scope in self._watchers if scope not in wanted]:
            self._watchers.pop(scope).close()
        for scope, target in wanted.items():
            if scope not in self._watchers and self._is_kept(target):
                self._watchers[scope] = self._watch(scope, target)
        for watcher in self._watchers.values():
            watcher.discover()
        if time.monotonic() >= self._forget_at_s:
            self._forget_at_s = time.monotonic() + _FORGET_S
            for watcher in self._watchers.values():
                watcher.forget_gone()

    def read(self, max_bytes: int) -> Iterator[list[Row]]:
        """Rows of all sources, through the pipeline; ``max_bytes`` of each file."""
        if self.pipeline.waiting() < _MAX_WAITING:
            for watcher in self._watchers.values():
                for tail, lines in watcher.read(max_bytes):
                    yield self.pipeline.run(self._rows(tail, watcher.target, lines))
            if self._journal is not None:
                yield self.pipeline.run(self._journal.read())
        yield self.pipeline.tick(time.time_ns())

    def changes(self) -> dict[str, dict[str, Any]]:
        """Positions that changed since the last call, by scope and key; None for those that are forgotten."""
        changed: dict[str, dict[str, Any]] = {}
        for scope, watcher in self._watchers.items():
            if watcher.changed:
                changed[scope] = {key: _saved(watcher.position(key)) for key in watcher.changed}
                watcher.changed = set()
        if self._journal is not None and (cursor := self._journal.taken_cursor()):
            changed[self._journal_scope] = {"cursor": cursor}
        return changed

    def close(self) -> None:
        """Let go of all sources."""
        for watcher in self._watchers.values():
            watcher.close()
        if self._journal is not None:
            self._journal.close()

    def _rows(self, tail: Tail, target: StaticTarget, lines: list[str]) -> list[Row]:
        labels, source = self._labels_of(tail, target), tail.source
        # One clock reading for a block: lines of a file keep their order by a nanosecond each.
        now_ns = time.time_ns()
        lines = self._limits.apply(lines)
        return [Row(line, now_ns + number, labels, source) for number, line in enumerate(lines)]

    def _labels_of(self, tail: Tail, target: StaticTarget) -> dict[str, str]:
        key = f"{tail.name}\0{target.path}"
        labels = self._labels.get(key)
        if labels is None:
            labels = self._target_labels(target) or {}
            labels = {name: value for name, value in labels.items() if not name.startswith("__")}
            if target.path_labels:
                labels.update(PathPattern(target.path_labels).labels(tail.name))
            labels["filename"] = tail.name
            self._labels[key] = labels
        return labels

    def _target_labels(self, target: StaticTarget) -> dict[str, str] | None:
        special = {"__path__": target.path, "__path_exclude__": target.exclude}
        return relabelled({**target.labels, **special}, self.config.relabel)

    def _is_kept(self, target: StaticTarget) -> bool:
        return self._target_labels(target) is not None

    def _watch(self, scope: str, target: StaticTarget) -> FileWatcher:
        positions = {}
        for key, fields in self._positions.get(scope, {}).items():
            try:
                positions[key] = FilePosition.from_json(key, fields)
            except ValueError:
                self._complain(f"position {key}", f"the position of {fields!r} cannot be read: its file is read anew")
        return FileWatcher(target, self.config, positions, self._complain, self._imported)

    def _discovered(self) -> Iterable[StaticTarget]:
        for discovery in self.config.discovered:
            yield from discovered_targets(discovery, self._complain)
        for docker in self._dockers:
            yield from docker.targets(self._complain)

    def _scope(self, target: StaticTarget) -> str:
        return f"{self.config.job_name}|{target.path}"

    @property
    def _journal_scope(self) -> str:
        return f"{self.config.job_name}|journal"


def _saved(position: FilePosition | None) -> Any:
    return position.to_json() if position is not None else None
