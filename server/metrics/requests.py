"""Requests, whatever they ask."""

from __future__ import annotations

from server.metrics.instruments import SECONDS, Counter, Gauge, Histogram

__all__ = ["RequestMetrics"]

_SIZES = tuple(float(1 << power) for power in range(10, 29, 3))  # 1 KiB to 256 MiB


class RequestMetrics:
    def __init__(self) -> None:
        self.seconds = Histogram(
            "loki_request_duration_seconds",
            "Time from the request's head to the end of its answer.",
            ("method", "route", "status_code", "ws"),
            SECONDS,
        )
        self.inflight = Gauge("loki_inflight_requests", "Requests being answered.", ("method", "route"))
        self.panics = Counter("loki_panic_total", "Internal errors that were answered with a 500.")
        self.request_bytes = Histogram(
            "loki_request_message_bytes", "Bodies of requests, as sent.", ("method", "route"), _SIZES
        )
        self.response_bytes = Histogram(
            "loki_response_message_bytes", "Bodies of answers.", ("method", "route"), _SIZES
        )
