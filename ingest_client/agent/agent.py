"""The agent: reads, commits, ships, until it is told to stop.

One loop on one thread: files -> pipeline -> batch -> commit -> deliveries. When what is on its way reaches its bound,
nothing is read: files can wait, memory and disk cannot.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from ingest_client.agent.batcher import Batcher
from ingest_client.agent.checkpoint import Checkpoint, imported_positions
from ingest_client.agent.commits import Commits
from ingest_client.agent.config.model import AgentConfig, ScrapeConfig
from ingest_client.agent.config.section import Findings
from ingest_client.agent.docker import ContainerStage
from ingest_client.agent.files.tail import Tail
from ingest_client.agent.gpu.job import GpuJob, find_devices
from ingest_client.agent.heartbeat import HeartbeatJob
from ingest_client.agent.job import Job
from ingest_client.agent.line_limits import LimitedLines
from ingest_client.agent.lock import DirectoryLock
from ingest_client.agent.memory import give_back
from ingest_client.agent.pipeline import Pipeline, build_pipeline
from ingest_client.agent.row import Row
from ingest_client.agent.self_metrics import figures_of
from ingest_client.agent.shipper import Shipper
from ingest_client.agent.stages.stage import Context
from ingest_client.agent.troubles import Troubles
from ingest_client.clock import FIRST_SANE_NS
from ingest_client.complaints import Complaints
from ingest_client.entries.streams import Streams

__all__ = ["Agent", "Source"]

_BLOCK_BYTES = 256 << 10
_DISCOVER_S = 1.0
_GIVE_BACK_S = 10.0
_FULL_WAIT_S = 0.05
_SWEEP_AFTER = 8
_EXIT_S = 5.0
# In an hour; of a label with more values most are of no use to anybody, and each makes a stream.
_MAX_LABEL_VALUES = 500


class Source(Protocol):
    """What the loop needs of a job."""

    config: ScrapeConfig
    pipeline: Pipeline

    @property
    def tails(self) -> list[Tail]:
        """All open files."""

    def discover(self) -> None:
        """Look for what came or went."""

    def read(self, max_bytes: int) -> Iterator[list[Row]]:
        """Rows that went through the pipeline."""

    def changes(self) -> dict[str, dict[str, Any]]:
        """Positions that changed since the last call."""

    def close(self) -> None:
        """Let go of all sources."""


class Agent:
    """Raises ConfigError or OSError at construction; afterwards troubles are complained about and lines wait."""

    def __init__(
        self, config: AgentConfig, context: Context | None = None, complaints: Complaints | None = None
    ) -> None:
        self.config, self.context = config, context or Context()
        self._complaints = complaints or Troubles()
        positions = config.positions.file
        folder = positions.with_name(positions.name + ".agent")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = DirectoryLock(folder)
        self.commits = Commits(folder / "commits")
        self._checkpoint = self._recovered(folder)
        streams = Streams(_MAX_LABEL_VALUES, self._complaints)
        self.batcher = Batcher(streams, self._checkpoint.newest)
        self.shipper = Shipper(config.clients, self.commits, self._complaints)
        self.jobs: list[Source] = [*self._jobs(), *self._gpus(), *self._heartbeat()]
        self._stopping = threading.Event()
        self._next_discovery_s = self._next_give_back_s = self._batch_since_s = 0.0
        self._saved_at_s = time.monotonic()
        self.committed_lines = 0

    def run(self, until: Callable[[], bool] = lambda: False, drain_s: float = 0.0) -> None:
        """Work until ``stop``, or until ``until`` says so after a turn with little to read; then ``drain`` so long."""
        try:
            while not self._stopping.is_set():
                was_full = self.turn()
                if was_full:
                    continue
                if until():
                    self.drain(drain_s)
                    break
                self._stopping.wait(self.config.poll_s)
        finally:
            self.close()

    def stop(self) -> None:
        """End ``run`` soon; from any thread or a signal handler."""
        self._stopping.set()

    def turn(self) -> bool:
        """One round; whether there is more to read at once."""
        if time.time_ns() < FIRST_SANE_NS:
            # A board whose clock is not set yet: files can wait for the time, lines that were sent cannot.
            self._complaints.complain("clock", "the clock of this machine is not set: files wait until it is")
            return False
        self._complaints.settle("clock")
        now_s = time.monotonic()
        if now_s >= self._next_give_back_s:
            self._next_give_back_s = now_s + _GIVE_BACK_S
            give_back()
        if now_s >= self._next_discovery_s:
            self._next_discovery_s = now_s + _DISCOVER_S
            for job in self.jobs:
                job.discover()
        moved = self.shipper.feed()
        self._sweep()
        if self.commits.size_bytes >= self.config.outbox.max_bytes:
            self._complaints.complain(
                "outbox", "the disk holds as much as it may: files wait until the server takes lines"
            )
            time.sleep(_FULL_WAIT_S)
            return moved
        before_bytes = self._read_bytes()
        for job in self.jobs:
            for rows in job.read(_BLOCK_BYTES):
                self._take(rows)
        self._commit_if_due()
        return self._read_bytes() - before_bytes >= _BLOCK_BYTES

    def drain(self, timeout_s: float) -> bool:
        """Commit and deliver everything that was read; False when the time was too short."""
        deadline_s = time.monotonic() + timeout_s
        for job in self.jobs:
            self._take(job.pipeline.finish())
        self._commit()
        while self.shipper.waiting and time.monotonic() < deadline_s:
            self.shipper.feed()
            self.shipper.flush(max(0.01, min(0.5, deadline_s - time.monotonic())))
        return not self.shipper.waiting

    def close(self) -> None:
        """Commit what was read, deliver for some seconds, save, let go of everything."""
        self._commit()
        deadline_s = time.monotonic() + _EXIT_S
        while self.shipper.waiting and time.monotonic() < deadline_s and not self._is_refused():
            self.shipper.feed()
            self.shipper.flush(0.2)
        for job in self.jobs:
            job.close()
        self.shipper.close(0.5)
        self._save()
        self._lock.release()

    def _is_refused(self) -> bool:
        deliveries = self.shipper.deliveries().values()
        return bool(deliveries) and all(delivery.counters.retries > 0 for delivery in deliveries)

    def _take(self, rows: list[Any]) -> None:
        if not rows:
            return
        if not self.batcher.count:
            self._batch_since_s = time.monotonic()
        self.batcher.add(rows)
        for cause in self.batcher.refused:
            self._complaints.complain(f"labels {cause}", f"lines are dropped whose labels no server takes: {cause}")
        if self.batcher.size_bytes >= self._batch_bytes:
            self._commit()

    def _commit_if_due(self) -> None:
        if self.batcher.count:
            age_s = time.monotonic() - self._batch_since_s
            if self.batcher.is_urgent or age_s >= self._batch_wait_s:
                self._commit()

    def _commit(self) -> None:
        changes = {}
        for job in self.jobs:
            changes.update(job.changes())
        states = {job.config.job_name: state for job in self.jobs if (state := job.pipeline.state())}
        if not self.batcher.count and not changes and states == self._checkpoint.states:
            return
        count = self.batcher.count
        lines, newest = self.batcher.take()
        checkpoint = {"positions": changes, "states": states, "newest": newest}
        while True:
            try:
                commit = self.commits.add(checkpoint, lines)
                break
            except OSError as error:
                text = f"{error.strerror or error}; files wait until there is room"
                self._complaints.complain("commit", f"cannot write to {self._checkpoint.path.parent}: {text}")
                if self._stopping.wait(1.0):
                    return
        self._complaints.settle("commit")
        self._checkpoint.apply(commit.number, checkpoint)
        self.committed_lines += count
        self.shipper.deliver(commit)
        self.shipper.feed()

    def _sweep(self) -> None:
        due = time.monotonic() - self._saved_at_s >= self.config.positions.sync_period_s
        if self.commits.removable >= _SWEEP_AFTER or (due and self.commits.removable):
            self._save()
            self._complaints.settle("outbox")

    def _save(self) -> None:
        self._saved_at_s = time.monotonic()
        try:
            self._checkpoint.save()
        except OSError as error:
            self._complaints.complain("save", f"cannot save positions: {error.strerror or error}")
            return
        self._complaints.settle("save")
        self.commits.sweep(self._checkpoint.number)

    def _recovered(self, folder: Path) -> Checkpoint:
        checkpoint = Checkpoint(folder / "positions.json")
        if checkpoint.damage:
            self._complaints.say(checkpoint.damage)
        for number in self.commits.numbers:
            if number > checkpoint.number and (commit := self.commits.load(number)):
                checkpoint.apply(number, commit.checkpoint)
        self.commits.number_from(checkpoint.number + 1)
        return checkpoint

    def _jobs(self) -> list[Job]:
        findings = Findings()
        imported = imported_positions(self.config.positions.file)
        jobs = []
        for config in self.config.scrape:
            pipeline = build_pipeline(config.stages, config.where, findings, self.context)
            findings.raise_mistakes()
            if config.docker:
                pipeline = Pipeline([("docker", ContainerStage()), *pipeline.stages])
            state = self._checkpoint.states.get(config.job_name)
            if state:
                pipeline.restore(state)
            limits = LimitedLines(self.config.limits, self.context.dropped)
            positions = self._checkpoint.positions
            jobs.append(Job(config, pipeline, positions, imported, limits, self._complain))
        for warning in findings.warnings:
            print(f"logctl agent: {warning}", file=sys.stderr)
        return jobs

    def _gpus(self) -> list[Source]:
        if not self.config.gpu.enabled:
            return []
        devices = find_devices(self.config.gpu.interval_s)
        if not devices:
            self._complaints.say("gpu: there is no GPU here that NVML, tegrastats or sysfs tells of")
        return [GpuJob(self.config.gpu, devices, self.context.metrics)] if devices else []

    def _heartbeat(self) -> list[Source]:
        config = self.config.heartbeat
        return [HeartbeatJob(config, lambda: figures_of(self))] if config.enabled else []

    def _complain(self, kind: str, text: str) -> None:
        """An empty text settles the matter."""
        if text:
            self._complaints.complain(kind, text)
        else:
            self._complaints.settle(kind)

    def _read_bytes(self) -> int:
        return sum(tail.read_bytes for job in self.jobs for tail in job.tails)

    @property
    def _batch_bytes(self) -> int:
        return min(client.batch_bytes for client in self.config.clients)

    @property
    def _batch_wait_s(self) -> float:
        return min(client.batch_wait_s for client in self.config.clients)
