"""Tails that are open, and what they are sent."""

from __future__ import annotations

from server.metrics.instruments import Counter, Gauge

__all__ = ["TailMetrics"]


class TailMetrics:
    def __init__(self) -> None:
        self.active = Gauge("loki_querier_tail_active", "Tails that are open.")
        self.streams = Gauge(
            "loki_querier_tail_active_streams", "Streams that open tails follow and that were written to meanwhile."
        )
        self.bytes = Counter("loki_querier_tail_bytes_total", "Characters of lines that tails were sent.")
        self.dropped = Counter(
            "skaldlog_tail_dropped_entries_total", "Entries that readers of tails were told to have missed."
        )
