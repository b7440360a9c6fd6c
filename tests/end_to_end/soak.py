"""An agent at work for long: its memory, over and over, and whether it grows.

``python -m tests.end_to_end.soak --minutes 60`` prints a figure a minute and a verdict.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.end_to_end.agent_process import AgentProcess
from tests.end_to_end.agent_trial import LIMITS, Outcome, Plan, Writer, agent_config, await_all, compare
from tests.end_to_end.server_process import ServerProcess

__all__ = ["Soaked", "grows", "soak"]

# What files in the cache of the allocator, and lines of many lengths, may add over hours.
_TOLERATED = 1.05
_SAMPLE_S = 1.0


@dataclass(frozen=True, slots=True)
class Soaked:
    """``resident_bytes`` second by second; the agent was ``cpu_share`` of a core at work."""

    resident_bytes: list[int]
    cpu_share: float
    outcome: Outcome

    @property
    def peak_bytes(self) -> int:
        return max(self.resident_bytes)


def grows(resident_bytes: Sequence[int]) -> bool:
    """Whether the last quarter of the samples holds more than the second: the first is for warming up."""
    quarter = len(resident_bytes) // 4
    if quarter < 1:
        return False
    return median(resident_bytes[-quarter:]) > _TOLERATED * median(resident_bytes[quarter : 2 * quarter])


def soak(folder: Path, minutes: float, lines_per_s: int) -> Soaked:
    """Run it in ``folder``, with a rotation each ten seconds."""
    seconds = minutes * 60
    plan = Plan(10, lines_per_s, seconds, int(seconds // 10), 0, 0, "tensorrt")
    logs = folder / "logs"
    logs.mkdir(parents=True)
    server = ServerProcess(folder / "server", {"limits_config": LIMITS})
    agent = AgentProcess(folder / "agent", agent_config(folder, server.url, plan))
    writer, samples, outcome = Writer(logs, plan), [], Outcome()
    try:
        server.start()
        agent.start()
        writer.begin()
        await_all(server.client(), plan.files, agent)
        thread, started_s, before_s = threading.Thread(target=writer.run), time.monotonic(), agent.cpu_s
        thread.start()
        while thread.is_alive():
            samples.append(agent.resident_bytes)
            if len(samples) % 60 == 0:
                print(f"{len(samples) // 60} min: {samples[-1] / 1e6:.0f} MB", flush=True)
            thread.join(_SAMPLE_S)
        share = (agent.cpu_s - before_s) / (time.monotonic() - started_s)
        outcome.written = sum(writer.counts)
        await_all(server.client(), outcome.written, agent)
        compare(server.client(), writer.counts, outcome)
    finally:
        agent.kill()
        server.kill()
    return Soaked(samples, share, outcome)


def main() -> int:
    """Run one and print it; 1 when memory grew, was over 100 MB, or a line was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--lines-per-s", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        soaked = soak(Path(folder), options.minutes, options.lines_per_s)
    outcome, has_grown = soaked.outcome, grows(soaked.resident_bytes)
    print(
        f"{outcome.written} lines in {options.minutes:g} min: {outcome.lost} lost, {outcome.doubled} doubled; "
        f"agent: {100 * soaked.cpu_share:.0f} % of a core, {soaked.peak_bytes / 1e6:.0f} MB at most, "
        f"{'growing' if has_grown else 'not growing'}"
    )
    return 1 if has_grown or soaked.peak_bytes > 100e6 or outcome.lost or outcome.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
