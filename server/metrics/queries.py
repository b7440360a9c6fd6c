"""Queries, and those that an operator blocks."""

from __future__ import annotations

from server.metrics.instruments import SECONDS, Counter, Histogram

__all__ = ["QueryMetrics"]

_RATES = tuple(float(1 << power) for power in range(20, 35, 2))  # 1 MiB/s to 16 GiB/s


class QueryMetrics:
    def __init__(self) -> None:
        self.seconds = Histogram(
            "loki_logql_querystats_latency_seconds", "Time in the engine.", ("status_code", "type", "range"), SECONDS
        )
        self.bytes_per_second = Histogram(
            "loki_logql_querystats_bytes_processed_per_seconds",
            "Bytes of lines that a query read, by the seconds that it took.",
            ("status_code", "type", "range"),
            _RATES,
        )
        self.blocked = Counter("loki_blocked_queries", "Queries that `blocked_queries` refused.", ("user",))
