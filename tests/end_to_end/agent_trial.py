"""Many files, many lines, rotations and kills: the agent has to ship every line once, in order.

``python -m tests.end_to_end.agent_trial`` runs it at any size and prints what it cost.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.end_to_end.agent_process import AgentProcess
from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.server_process import ServerProcess

__all__ = ["LIMITS", "Outcome", "Plan", "Writer", "agent_config", "await_all", "compare", "run_trial"]

_STEP_S = 0.05
_PAGE = 5000
_TEXTS = (
    "[TRT] [I] Engine generation completed in 273.487 seconds.",
    "[TRT] [W] Layer '/model.22/Slice_{n}' (SLICE): Unsupported on DLA. Switching this layer's device type to GPU.",
    "[TRT] [I] [MemUsageChange] Init cuDNN: CPU +173, GPU +270, now: CPU 1230, GPU {n} (MiB)",
    "[TRT] [V] Tactic: {n} time 0.856704",
    "[TRT] [E] IExecutionContext::enqueueV3: Error Code 1: Cuda Runtime (invalid resource handle)",
)
PIPELINES: dict[str, list[dict[str, Any]]] = {
    "plain": [],
    "regex": [
        {"regex": {"expression": r"^\[TRT\] \[(?P<severity>[A-Z])\] .* f\d+ (?P<sequence>\d+)$"}},
        {"labels": {"severity": None}},
        {"structured_metadata": {"sequence": None}},
    ],
    "tensorrt": [{"tensorrt": {"multiline": False}}],
}


@dataclass(frozen=True)
class Plan:
    """How much of what. ``kills`` of agent and of server, ``rotations`` of each kind, spread over the time."""

    files: int = 50
    lines_per_s: int = 20_000
    seconds: float = 60.0
    rotations: int = 30
    agent_kills: int = 5
    server_kills: int = 3
    pipeline: str = "plain"
    seed: int = 1


@dataclass
class Outcome:
    """What came of it."""

    written: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    cpu_s: float = 0.0
    seconds: float = 0.0
    peak_rss_bytes: int = 0
    rotations: int = 0
    kills: int = 0
    drained_s: float = 0.0
    examples: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        per_core = 100 * self.cpu_s / self.seconds if self.seconds else 0
        return (
            f"{self.written} lines in {self.seconds:.0f} s, {self.rotations} rotations, {self.kills} kills: "
            f"{self.lost} lost, {self.doubled} doubled, {self.disordered} out of order; "
            f"agent: {self.cpu_s:.1f} s of CPU ({per_core:.0f} % of a core), {self.peak_rss_bytes / 1e6:.0f} MB; "
            f"all arrived {self.drained_s:.1f} s after the last"
        )


class Writer:
    """Writes and rotates, one thread, so that ``copytruncate`` itself loses nothing."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._paths = [folder / f"f{number:02d}.log" for number in range(plan.files)]
        self._files = [path.open("ab", buffering=0) for path in self._paths]
        self._plan, self._random = plan, random.Random(plan.seed)
        self.counts = [0] * plan.files
        self.rotations = 0
        self.history: list[str] = []

    def begin(self) -> None:
        """One line each."""
        for number in range(self._plan.files):
            self._write(number, 1)

    def run(self) -> None:
        """All of the plan."""
        plan, started_s = self._plan, time.monotonic()
        steps = round(plan.seconds / _STEP_S)
        rotate_at = {self._random.randrange(steps) for _ in range(plan.rotations)}
        for step in range(steps):
            due = round(plan.lines_per_s * _STEP_S * (step + 1) / plan.files)
            for number in range(plan.files):
                self._write(number, due)
            if step in rotate_at:
                self._rotate(self._random.randrange(plan.files))
            time.sleep(max(0.0, started_s + (step + 1) * _STEP_S - time.monotonic()))
        for file in self._files:
            file.close()

    def _write(self, number: int, due: int) -> None:
        first, self.counts[number] = self.counts[number], max(due, self.counts[number])
        lines = [f"{_TEXTS[n % len(_TEXTS)].format(n=n)} f{number:02d} {n:08d}\n" for n in range(first, due)]
        self._files[number].write("".join(lines).encode())

    def _rotate(self, number: int) -> None:
        path, kind = self._paths[number], self._random.choice(("rename", "copytruncate", "gz"))
        self.rotations += 1
        self.history.append(f"{time.time():.3f} f{number:02d} {kind} before line {self.counts[number]}")
        rotated = path.with_name(f"{path.name}.{self.rotations}")
        if kind == "rename":
            path.rename(rotated)
            self._files[number].close()
            self._files[number] = path.open("ab", buffering=0)
            return
        shutil.copyfile(path, rotated)
        os.truncate(path, 0)
        if kind == "gz":
            packed = rotated.with_name(rotated.name + ".gz")
            packed.write_bytes(gzip.compress(rotated.read_bytes(), 1))
            rotated.unlink()


def run_trial(folder: Path, plan: Plan) -> Outcome:
    """Run it in ``folder``, on a server of its own."""
    logs = folder / "logs"
    logs.mkdir(parents=True)
    server = ServerProcess(folder / "server", {"limits_config": LIMITS})
    server.start()
    agent = AgentProcess(folder / "agent", agent_config(folder, server.url, plan))
    outcome, writer = Outcome(), Writer(logs, plan)
    try:
        agent.start()
        # A file that is rotated before anybody saw it is nobody's.
        writer.begin()
        await_all(server.client(), plan.files, agent)
        started_s = time.monotonic()
        thread = threading.Thread(target=writer.run)
        thread.start()
        killed = _disturb(plan, agent, server, thread)
        outcome.kills = len(killed)
        thread.join()
        ended_s = time.monotonic()
        outcome.seconds = ended_s - started_s
        outcome.written, outcome.rotations = sum(writer.counts), writer.rotations
        await_all(server.client(), outcome.written, agent)
        outcome.drained_s = time.monotonic() - ended_s
        outcome.cpu_s, outcome.peak_rss_bytes = agent.cpu_s, agent.peak_rss_bytes
        compare(server.client(), writer.counts, outcome)
        if outcome.examples:
            outcome.examples += writer.history + killed
    finally:
        agent.kill()
        server.kill()
    return outcome


LIMITS = {"ingestion_rate_mb": 100, "ingestion_burst_size_mb": 100}


def agent_config(folder: Path, url: str, plan: Plan) -> dict[str, Any]:
    """What the agent is told: files of ``folder``, the server at ``url``."""
    return {
        "server": {"disable": True},
        "positions": {"filename": str(folder / "positions.yaml"), "sync_period": "1s"},
        "clients": [{"url": f"{url}/loki/api/v1/push", "backoff_config": {"max_period": "1s"}}],
        "scrape_configs": [
            {
                "job_name": "trial",
                "static_configs": [
                    {
                        "labels": {"job": "trial", "__path__": str(folder / "logs" / "*.log")},
                        "path_labels": str(folder / "logs" / "{name}.log"),
                    }
                ],
                "pipeline_stages": [*PIPELINES[plan.pipeline], {"labeldrop": ["filename"]}],
            }
        ],
    }


def _disturb(plan: Plan, agent: AgentProcess, server: ServerProcess, writing: threading.Thread) -> list[str]:
    """Kill agent and server at moments of the seed's choice, while lines are written; when which was killed."""
    chance = random.Random(plan.seed + 1)
    kinds = ["agent"] * plan.agent_kills + ["server"] * plan.server_kills
    moments = sorted((chance.uniform(0.05, 0.9) * plan.seconds, kind) for kind in kinds)
    started_s, killed = time.monotonic(), []
    for moment_s, kind in moments:
        while writing.is_alive() and time.monotonic() - started_s < moment_s:
            time.sleep(0.01)
        killed.append(f"{time.time():.3f} {kind} killed")
        if kind == "agent":
            agent.kill()
            agent.start()
        else:
            server.kill()
            server.start()
    return killed


def await_all(client: HttpClient, written: int, agent: AgentProcess) -> None:
    """Wait until the server has so many lines, or nothing comes any more."""
    deadline_s, count, quiet_since_s = time.monotonic() + 120, -1, time.monotonic()
    while time.monotonic() < deadline_s and time.monotonic() - quiet_since_s < 20:
        assert agent.is_running, agent.log.read_text(errors="replace")
        seen = _count(client)
        if seen >= written:
            return
        if seen != count:
            count, quiet_since_s = seen, time.monotonic()
        time.sleep(0.5)


def _count(client: HttpClient) -> int:
    answer = client.get("/loki/api/v1/query", {"query": 'sum(count_over_time({job="trial"}[1h]))'})
    result = answer.json["data"]["result"]
    return int(result[0]["value"][1]) if result else 0


def compare(client: HttpClient, counts: list[int], outcome: Outcome) -> None:
    """Note which lines are lost, doubled or out of order; ``counts`` of each file were written."""
    for number, count in enumerate(counts):
        sequences = _sequences(client, f"f{number:02d}")
        seen = set(sequences)
        missing = [each for each in range(count) if each not in seen]
        outcome.lost += len(missing)
        outcome.doubled += len(sequences) - len(seen)
        turns = [(earlier, later) for earlier, later in pairwise(sequences) if later < earlier]
        outcome.disordered += len(turns)
        outcome.examples += [f"f{number:02d}: line {later} after line {earlier}" for earlier, later in turns]
        if missing:
            outcome.examples.append(f"f{number:02d}: {missing[:3]}..{missing[-1]} of {count}")


def _sequences(client: HttpClient, name: str) -> list[int]:
    """The numbers of a file's lines in the order of their timestamps."""
    found: list[tuple[int, int]] = []
    start_ns = time.time_ns() - 3_600_000_000_000
    while True:
        selector = f'{{job="trial", name="{name}"}} | keep name'
        window: dict[str, str | int] = {"start": start_ns, "end": time.time_ns(), "limit": _PAGE}
        answer = client.get("/loki/api/v1/query_range", {"query": selector, "direction": "forward", **window})
        streams = answer.json["data"]["result"]
        page = sorted((int(ts), int(line.rsplit(" ", 1)[1])) for stream in streams for ts, line, *_ in stream["values"])
        found += page
        if len(page) < _PAGE:
            return [sequence for _, sequence in found]
        start_ns = page[-1][0] + 1


def main() -> int:
    """Run one and print it; 1 when a line was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in vars(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    plan = Plan(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="agent-trial-") as folder:
        outcome = run_trial(Path(folder), plan)
    print(json.dumps(vars(plan)))
    print(outcome)
    print("\n".join(outcome.examples))
    return 1 if outcome.lost or outcome.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
