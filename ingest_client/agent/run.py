"""The agent as a program: signals, pages, standard input."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from types import FrameType

from ingest_client.agent.agent import Agent
from ingest_client.agent.config.model import AgentConfig
from ingest_client.agent.memory import bound_arenas
from ingest_client.agent.self_metrics import collect_into_registry
from ingest_client.agent.stdin import StdinJob
from ingest_client.agent.web import Page, Pages, as_json

__all__ = ["pages_of", "run_agent"]

_DRAIN_S = 3600.0


def run_agent(config: AgentConfig, reads_stdin: bool = False) -> int:
    """Run until a signal comes, or standard input ends; the exit status. Raises AgentError or OSError at the start."""
    bound_arenas()
    agent = Agent(config)
    with ExitStack() as stack:
        _stop_on_signals(agent)
        collect_into_registry(agent)
        if config.server.enabled and not reads_stdin:
            pages = Pages(config.server.address, config.server.port, pages_of(agent))
            stack.callback(pages.close)
        if reads_stdin:
            return _run_stdin(agent)
        agent.run()
    return 0


def _run_stdin(agent: Agent) -> int:
    first = agent.jobs[0]
    job = StdinJob(first.config, first.pipeline)
    agent.jobs = [job]
    agent.run(until=lambda: job.has_ended, drain_s=_DRAIN_S)
    return 1 if agent.shipper.waiting else 0


def pages_of(agent: Agent) -> dict[str, Page]:
    """The agent's pages, by path."""
    return {
        "/metrics": lambda: ("text/plain", agent.context.metrics.page()),
        "/ready": lambda: ("text/plain", "Ready\n"),
        "/targets": lambda: as_json(
            [
                {"job": job.config.job_name, "path": tail.path, "offset": tail.offset, "lag_bytes": tail.lag_bytes}
                for job in agent.jobs
                for tail in job.tails
            ]
        ),
    }


def _stop_on_signals(agent: Agent) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        agent.stop()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
