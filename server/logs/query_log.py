"""A line in the server's log for each query: who asked what, what it cost, how it ended."""

from __future__ import annotations

import logging

from logql.blocked import query_hash
from logql.requests import InstantQuery, RangeQuery
from logql.results import Stats
from server.logs.events import fields
from server.units import NS

__all__ = ["log_query"]

log = logging.getLogger("skaldlog.query")

_MS = 1000


def log_query(
    tenant: str, asked: RangeQuery | InstantQuery, status: int, seconds: float, stats: Stats | None, error: str = ""
) -> None:
    """``stats`` of a query that was answered, else ``error`` says why not."""
    if not log.isEnabledFor(logging.INFO):
        return
    told: dict[str, object] = {"org_id": tenant, "status": status, "duration_ms": seconds * _MS}
    told |= _asked(asked) | (_cost(stats, seconds) if stats is not None else {"error": error})
    log.info("query", extra=fields(**told, query_hash=query_hash(asked.text), query=asked.text))


def _asked(asked: RangeQuery | InstantQuery) -> dict[str, object]:
    if isinstance(asked, InstantQuery):
        return {"range_type": "instant"}
    length_s, step_s = (asked.end_ns - asked.start_ns) / NS, asked.step_ms / _MS
    return {"range_type": "range", "length_s": length_s, "step_s": step_s, "limit": asked.limit}


def _cost(stats: Stats, seconds: float) -> dict[str, object]:
    return {
        "exec_ms": stats.exec_time_s * _MS,
        "total_bytes": stats.bytes_processed,
        "total_lines": stats.lines_processed,
        "post_filter_lines": stats.lines_after_filters,
        "total_entries": stats.entries_returned,
        "bytes_per_second": int(stats.bytes_processed / seconds) if seconds else 0,
        "chunks": stats.chunks,
        "chunks_skipped": stats.chunks_skipped,
        "chunks_filtered": stats.chunks_filtered,
        "stored_bytes_read": stats.compressed_bytes_read,
    }
