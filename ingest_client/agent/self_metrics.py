"""What the agent says about itself, and promtail's names for it, so that alerts that exist go on working."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest_client.agent.agent import Agent

__all__ = ["collect_into_registry", "figures_of"]

_PREFIX = "ingest_client_"


def collect_into_registry(agent: Agent) -> None:
    """Have the agent's figures put into its registry before each page."""
    registry = agent.context.metrics
    registry.before_page(lambda: _collect(agent))


def figures_of(agent: Agent) -> dict[str, int]:
    """The agent in a few numbers, since its start where they are not of this moment."""
    counters = [delivery.counters for delivery in agent.shipper.deliveries().values()]
    tails = [tail for job in agent.jobs for tail in job.tails]
    return {
        "files": len(tails),
        "lag_bytes": sum(tail.lag_bytes for tail in tails),
        "committed": agent.committed_lines,
        "delivered": sum(each.delivered for each in counters),
        "rejected": sum(each.dropped_rejected for each in counters),
        "retries": sum(each.retries for each in counters),
        "dropped": sum(agent.context.dropped.values()) + sum(agent.batcher.refused.values()),
        "waiting_commits": agent.shipper.waiting,
        "waiting_bytes": agent.commits.size_bytes,
    }


def _collect(agent: Agent) -> None:
    _set(
        agent,
        "committed_entries_total",
        "lines that were made durable before sending",
        "counter",
        agent.committed_lines,
    )
    _set(agent, "commits_bytes", "what waits on the disk for the server", "gauge", agent.commits.size_bytes)
    _set(agent, "commits_damaged_total", "commits that could not be read again", "counter", agent.commits.damaged)
    _set(agent, "waiting_commits", "commits not yet acknowledged", "gauge", agent.shipper.waiting)
    for reason, count in agent.context.dropped.items():
        _set(agent, "dropped_entries_total", "lines that stages dropped", "counter", count, reason=reason)
    refused = sum(agent.batcher.refused.values())
    _set(agent, "dropped_entries_total", "", "counter", refused, reason="invalid_labels")
    for (client, tenant), delivery in agent.shipper.deliveries().items():
        counters = delivery.counters
        labels = {"client": client, "tenant": tenant}
        _set(agent, "sent_entries_total", "lines that arrived", "counter", counters.delivered, **labels)
        _set(agent, "sent_bytes_total", "bytes of requests", "counter", counters.delivered_bytes, **labels)
        _set(
            agent,
            "rejected_entries_total",
            "lines that the server refused",
            "counter",
            counters.dropped_rejected,
            **labels,
        )
        _set(agent, "batch_retries_total", "requests repeated", "counter", counters.retries, **labels)
        _promtail(agent, "sent_entries_total", counters.delivered, client)
        _promtail(agent, "sent_bytes_total", counters.delivered_bytes, client)
        _promtail(agent, "dropped_entries_total", counters.dropped_rejected, client)
    _files(agent)


def _files(agent: Agent) -> None:
    registry = agent.context.metrics
    lag = registry.family(f"{_PREFIX}file_lag_bytes", "written and not yet read", "gauge", max_idle_s=60.0)
    read = registry.family(f"{_PREFIX}file_read_bytes_total", "bytes read of a file", "counter", max_idle_s=60.0)
    read_alias = registry.family("promtail_read_bytes_total", "bytes read of a file", "gauge", max_idle_s=60.0)
    active = registry.family("promtail_files_active_total", "files that are open", "gauge")
    tails = [tail for job in agent.jobs for tail in job.tails]
    active.set(len(tails))
    for tail in tails:
        labels = {"path": tail.path}
        lag.set(tail.lag_bytes, labels)
        read.set(tail.read_bytes, labels)
        read_alias.set(tail.read_bytes, labels)


def _set(agent: Agent, name: str, help_text: str, kind: str, value: float, **labels: str) -> None:
    agent.context.metrics.family(_PREFIX + name, help_text, kind).set(value, labels)


def _promtail(agent: Agent, name: str, value: float, host: str) -> None:
    agent.context.metrics.family(f"promtail_{name}", name, "counter").set(value, {"host": host})
