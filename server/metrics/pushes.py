"""What is pushed, what of it is cut or refused, and which streams that makes."""

from __future__ import annotations

from server.metrics.instruments import Counter, Gauge, Histogram
from server.push.kernels import LINE_SIZE_BOUNDS

__all__ = ["PushMetrics"]

_RECEIVED = ("tenant", "is_internal_stream", "policy", "format")
_KEPT = ("tenant", "retention_hours", "is_internal_stream", "policy", "format")
_DISCARDED = ("reason", "tenant", "retention_hours", "policy", "format")


class PushMetrics:
    def __init__(self) -> None:
        self.bytes_per_line = Histogram(
            "loki_bytes_per_line", "Bytes of the lines of accepted pushes.", (), tuple(map(float, LINE_SIZE_BOUNDS))
        )
        self.mutated_samples = Counter(
            "loki_mutated_samples_total", "Lines that were cut; `truncated` is the tenant.", ("reason", "truncated")
        )
        self.mutated_bytes = Counter("loki_mutated_bytes_total", "Bytes that they lost.", ("reason", "truncated"))
        self.active_streams = Gauge(
            "loki_ingester_memory_streams", "Streams that were written to in the last hour.", ("tenant",)
        )
        self.metadata_bytes_received = Counter(
            "loki_distributor_structured_metadata_bytes_received_total",
            "Bytes of structured metadata in accepted pushes.",
            _KEPT,
        )
        self.lines_received = Counter("loki_distributor_lines_received_total", "Lines in accepted pushes.", _RECEIVED)
        self.bytes_received = Counter(
            "loki_distributor_bytes_received_total", "Line and metadata bytes in accepted pushes.", _KEPT
        )
        self.discarded_samples = Counter("loki_discarded_samples_total", "Lines refused, by reason.", _DISCARDED)
        self.discarded_bytes = Counter("loki_discarded_bytes_total", "Bytes refused, by reason.", _DISCARDED)
