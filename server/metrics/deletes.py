"""Delete requests on their way."""

from __future__ import annotations

from server.metrics.instruments import Counter, Gauge

__all__ = ["DeleteMetrics"]


class DeleteMetrics:
    def __init__(self) -> None:
        self.received = Counter(
            "loki_compactor_delete_requests_received_total", "Delete requests since the start.", ("user",)
        )
        self.processed = Counter(
            "loki_compactor_delete_requests_processed_total",
            "Delete requests whose lines have left the disk.",
            ("user",),
        )
        self.pending = Gauge(
            "loki_compactor_pending_delete_requests_count", "Delete requests whose lines are hidden, not yet erased."
        )
        self.oldest_seconds = Gauge(
            "loki_compactor_oldest_pending_delete_request_age_seconds", "Age of the oldest of them."
        )
        self.lines = Counter("loki_compactor_deleted_lines", "Lines that delete requests have erased.")
