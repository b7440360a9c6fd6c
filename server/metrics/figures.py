"""What the store tells of itself: the figures of ``storage.database.Database.metrics``, with what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.metrics.instruments import sample_line

__all__ = ["FIGURES", "Figure", "figure_lines"]

_PREFIX = "skaldlog_"


@dataclass(frozen=True, slots=True)
class Figure:
    """``key`` is the store's name for it, ``loki`` the one that dashboards know, where there is one."""

    key: str
    text: str
    loki: str = ""

    @property
    def name(self) -> str:
        return self.loki or _PREFIX + self.key

    @property
    def kind(self) -> str:
        return "counter" if self.key.endswith("_total") else "gauge"


FIGURES = (
    Figure("tenants", "Tenants that have something stored."),
    Figure("streams", "Streams that were written to since the start or have parts."),
    Figure("parts", "Parts of all tenants."),
    Figure("parts_merged", "Those of them that merges made."),
    Figure("head_bytes", "Memory of rows that are in no part yet."),
    Figure("wal_bytes", "Size of the write-ahead log."),
    Figure("wal_records_total", "Records written to the log."),
    Figure("wal_syncs_total", "Times that the log was synced; pushes share them."),
    Figure("heads_waiting", "Heads that wait to become parts.", "loki_ingester_flush_queue_length"),
    Figure("flush_failures_total", "Flushes that failed and are tried again."),
    Figure("quarantined_objects_total", "Damaged files that were set aside."),
    Figure("merges_total", "Merges."),
    Figure("merged_bytes_total", "Bytes of parts that merges wrote."),
    Figure("merge_failures_total", "Merges that failed and are tried again."),
    Figure("parts_expired_total", "Parts that retention took."),
    Figure("parts_moved_total", "Parts that moved to the bucket."),
    Figure("keeping_failures_total", "Retention, deletes and moves that failed and are tried again."),
    Figure("bucket_requests_total", "Requests to the bucket; this and the following only with one."),
    Figure("bucket_retries_total", "Those of them that repeated another."),
    Figure("bucket_read_bytes_total", "Bytes read from the bucket."),
    Figure("bucket_sent_bytes_total", "Bytes sent to the bucket."),
    Figure("bucket_wait_seconds_total", "Time spent waiting for the bucket."),
    Figure("cache_hits_total", "Chunks found in the cache of the bucket."),
    Figure("cache_misses_total", "Chunks not found there."),
    Figure("cache_bytes", "Size of that cache."),
)

_BY_KEY = {figure.key: figure for figure in FIGURES}


def figure_lines(values: Mapping[str, float]) -> Iterator[str]:
    """The text format."""
    for key, value in values.items():
        figure = _BY_KEY[key]
        yield f"# HELP {figure.name} {figure.text}"
        yield f"# TYPE {figure.name} {figure.kind}"
        yield sample_line(figure.name, (), value)
