"""Calls to the bucket."""

from __future__ import annotations

from server.metrics.instruments import Counter, Histogram
from storage.stores import OPERATION_SECONDS

__all__ = ["BucketMetrics"]

_BUCKET = ("operation", "bucket")


class BucketMetrics:
    def __init__(self) -> None:
        self.operations = Counter("loki_objstore_bucket_operations_total", "Calls to the bucket.", _BUCKET)
        self.failures = Counter("loki_objstore_bucket_operation_failures_total", "Those of them that failed.", _BUCKET)
        self.seconds = Histogram(
            "loki_objstore_bucket_operation_duration_seconds",
            "How long they took, repetitions included.",
            _BUCKET,
            OPERATION_SECONDS,
        )
