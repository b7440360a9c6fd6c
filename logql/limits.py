"""Limits of one query, with Loki's defaults."""

from __future__ import annotations

from dataclasses import dataclass

from logql.blocked import BlockedQuery

__all__ = ["MAX_CAPTURES", "MAX_JSON_PATH", "MAX_QUERY_BYTES", "MAX_QUERY_PARTS", "QueryLimits"]

MAX_QUERY_BYTES = 131_072  # of query text; fixed, as in Loki
MAX_QUERY_PARTS = 2000  # stages, filters, labels and operands: each is work for every chunk that a query reads
MAX_CAPTURES = 256  # labels of one parser: each is a column of every chunk
MAX_JSON_PATH = 128  # keys and indexes of one path


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """0 switches a limit off. Times in seconds."""

    max_query_series: int = 500
    max_entries_limit_per_query: int = 5000
    max_query_length_s: int = 721 * 3600
    max_query_range_s: int = 0
    max_query_lookback_s: int = 0
    max_streams_matchers_per_query: int = 1000
    blocked_queries: tuple[BlockedQuery, ...] = ()
    required_labels: tuple[str, ...] = ()
    minimum_labels_number: int = 0
    max_query_bytes_read: int = 0
    max_querier_bytes_read: int = 150 << 30
    max_chunks_per_query: int = 2_000_000
    query_timeout_s: float = 60.0
    max_concurrent_tail_requests: int = 10
    volume_enabled: bool = True
    volume_max_series: int = 1000
    patterns_enabled: bool = True
    enable_multi_variant_queries: bool = False
    memory_budget_bytes: int = 512 << 20
