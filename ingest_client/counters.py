"""What a client counts about itself."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Counters"]


@dataclass(frozen=True)
class Counters:
    """A snapshot. Every accepted line is queued, in flight, on disk, delivered, or dropped for exactly one reason.

    ``spooled`` are lines on disk, also those that dead processes left; ``recovered`` were found in their rings.
    """

    accepted: int
    queued: int
    queued_bytes: int
    delivered: int
    delivered_bytes: int
    dropped_buffer_full: int
    dropped_rejected: int
    dropped_undelivered: int
    retries: int
    dropped_spool_full: int = 0
    spooled: int = 0
    spooled_bytes: int = 0
    spool_faults: int = 0
    recovered: int = 0
    restamped: int = 0
    request_seconds: float = 0.0

    @property
    def dropped(self) -> int:
        """All lines that will never arrive."""
        return self.dropped_buffer_full + self.dropped_rejected + self.dropped_undelivered + self.dropped_spool_full

    def metrics_text(self) -> str:
        """The same as Prometheus text."""
        return "".join(
            f"# TYPE {metric.partition('{')[0]} {kind}\n" * (not metric.endswith("}") or "buffer_full" in metric)
            + f"{metric} {getattr(self, name)}\n"
            for name, metric, kind in _METRICS
        )


_DROPPED = 'ingest_client_dropped_entries_total{reason="%s"}'
_METRICS = (
    ("accepted", "ingest_client_entries_total", "counter"),
    ("delivered", "ingest_client_sent_entries_total", "counter"),
    ("delivered_bytes", "ingest_client_sent_bytes_total", "counter"),
    ("dropped_buffer_full", _DROPPED % "buffer_full", "counter"),
    ("dropped_rejected", _DROPPED % "rejected", "counter"),
    ("dropped_undelivered", _DROPPED % "undelivered", "counter"),
    ("dropped_spool_full", _DROPPED % "spool_full", "counter"),
    ("retries", "ingest_client_batch_retries_total", "counter"),
    ("queued", "ingest_client_queue_records", "gauge"),
    ("queued_bytes", "ingest_client_queue_bytes", "gauge"),
    ("spooled", "ingest_client_spool_records", "gauge"),
    ("spooled_bytes", "ingest_client_spool_bytes", "gauge"),
    ("spool_faults", "ingest_client_spool_faults_total", "counter"),
    ("recovered", "ingest_client_ring_recovered_total", "counter"),
    ("restamped", "ingest_client_restamped_entries_total", "counter"),
    ("request_seconds", "ingest_client_request_duration_seconds_total", "counter"),
)
