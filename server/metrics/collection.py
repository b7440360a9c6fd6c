"""All instruments of a server. Names of Loki where they mean the same, so that its dashboards work."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping

from server.metrics.figures import figure_lines
from server.metrics.instruments import Counter, Gauge, Histogram, Instrument, sample_line
from server.metrics.process import process_metrics
from server.push.kernels import LINE_SIZE_BOUNDS
from server.version import VERSION
from storage.stores import OPERATION_SECONDS

__all__ = ["Metrics"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100)
_RECEIVED = ("tenant", "is_internal_stream", "policy", "format")
_KEPT = ("tenant", "retention_hours", "is_internal_stream", "policy", "format")
_BUCKET = ("operation", "bucket")
_DISCARDED = ("reason", "tenant", "retention_hours", "policy", "format")


_SIZES = tuple(float(1 << power) for power in range(10, 29, 3))  # 1 KiB to 256 MiB
_RATES = tuple(float(1 << power) for power in range(20, 35, 2))  # 1 MiB/s to 16 GiB/s


class Metrics:
    """One of these a server; ``exposition`` prints it."""

    def __init__(self) -> None:
        self.request_seconds = Histogram(
            "loki_request_duration_seconds",
            "Time from the request's head to the end of its answer.",
            ("method", "route", "status_code", "ws"),
            _SECONDS,
        )
        self.inflight_requests = Gauge("loki_inflight_requests", "Requests being answered.", ("method", "route"))
        self.panics = Counter("loki_panic_total", "Internal errors that were answered with a 500.")
        self.request_bytes = Histogram(
            "loki_request_message_bytes", "Bodies of requests, as sent.", ("method", "route"), _SIZES
        )
        self.response_bytes = Histogram(
            "loki_response_message_bytes", "Bodies of answers.", ("method", "route"), _SIZES
        )
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
        self.overrides_reloaded = Gauge(
            "loki_runtime_config_last_reload_successful", "Whether the file of overrides could be used when it changed."
        )
        self.own_lines = Counter("loki_internal_log_messages_total", "Lines of the server's own log.", ("level",))
        self.own_lines_dropped = Counter(
            "skaldlog_own_log_lines_dropped_total", "Lines of the server's own log that were not kept in its tenant."
        )
        self.query_seconds = Histogram(
            "loki_logql_querystats_latency_seconds", "Time in the engine.", ("status_code", "type", "range"), _SECONDS
        )
        self.query_bytes_per_second = Histogram(
            "loki_logql_querystats_bytes_processed_per_seconds",
            "Bytes of lines that a query read, by the seconds that it took.",
            ("status_code", "type", "range"),
            _RATES,
        )
        self.blocked_queries = Counter("loki_blocked_queries", "Queries that `blocked_queries` refused.", ("user",))
        self.tail_active = Gauge("loki_querier_tail_active", "Tails that are open.")
        self.tail_streams = Gauge(
            "loki_querier_tail_active_streams", "Streams that open tails follow and that were written to meanwhile."
        )
        self.tail_bytes = Counter("loki_querier_tail_bytes_total", "Characters of lines that tails were sent.")
        self.tail_dropped = Counter(
            "skaldlog_tail_dropped_entries_total", "Entries that readers of tails were told to have missed."
        )
        self.deletes_received = Counter(
            "loki_compactor_delete_requests_received_total", "Delete requests since the start.", ("user",)
        )
        self.deletes_processed = Counter(
            "loki_compactor_delete_requests_processed_total",
            "Delete requests whose lines have left the disk.",
            ("user",),
        )
        self.deletes_pending = Gauge(
            "loki_compactor_pending_delete_requests_count", "Delete requests whose lines are hidden, not yet erased."
        )
        self.oldest_delete_seconds = Gauge(
            "loki_compactor_oldest_pending_delete_request_age_seconds", "Age of the oldest of them."
        )
        self.deleted_lines = Counter("loki_compactor_deleted_lines", "Lines that delete requests have erased.")
        self.bucket_operations = Counter("loki_objstore_bucket_operations_total", "Calls to the bucket.", _BUCKET)
        self.bucket_failures = Counter(
            "loki_objstore_bucket_operation_failures_total", "Those of them that failed.", _BUCKET
        )
        self.bucket_seconds = Histogram(
            "loki_objstore_bucket_operation_duration_seconds",
            "How long they took, repetitions included.",
            _BUCKET,
            OPERATION_SECONDS,
        )

    def exposition(self, storage: Mapping[str, float]) -> bytes:
        """The text of ``/metrics``; ``storage`` are the store's own figures, by name without a prefix."""
        told = (line for instrument in self.all for line in instrument.lines())
        lines = [*told, *_build_info(), *_process(), *figure_lines(storage)]
        return ("\n".join(lines) + "\n").encode()

    @property
    def all(self) -> tuple[Instrument, ...]:
        """In the order in which they are printed."""
        return tuple(vars(self).values())


def _build_info() -> Iterator[str]:
    labels = {
        "version": VERSION,
        "revision": "",
        "branch": "",
        "goversion": f"python{platform.python_version()}",
        "goos": platform.system().lower(),
        "goarch": platform.machine(),
        "tags": "skaldlog",
    }
    yield "# HELP loki_build_info What is running; always 1."
    yield "# TYPE loki_build_info gauge"
    yield sample_line("loki_build_info", list(labels.items()), 1)


def _process() -> Iterator[str]:
    for name, kind, text, value in process_metrics():
        yield f"# HELP {name} {text}"
        yield f"# TYPE {name} {kind}"
        yield sample_line(name, (), value)
