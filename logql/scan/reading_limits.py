"""How much one query may read, judged from the indexes before anything is read."""

from __future__ import annotations

from collections.abc import Sequence

from logql.errors import LimitExceeded
from logql.limits import QueryLimits
from logql.values.byte_size import format_iec_size
from storage.source import Source

__all__ = ["ReadingLimits"]


class ReadingLimits:
    """One a query. Not thread-safe: a query plans its legs one after the other."""

    def __init__(self, limits: QueryLimits) -> None:
        self._limits = limits
        self._chunks = self._bytes = 0

    def reserve(self, sources: Sequence[Source]) -> None:
        """Raises LimitExceeded when these and all before them are more than the query may read."""
        self._chunks += len(sources)
        self._bytes += sum(source.line_bytes for source in sources)
        limits = self._limits
        if limits.max_chunks_per_query and self._chunks > limits.max_chunks_per_query:
            told = f"the query hit the max number of chunks limit (limit: {limits.max_chunks_per_query} chunks)"
            raise LimitExceeded(told)
        _check(self._bytes, limits.max_query_bytes_read, _QUERY)
        _check(self._bytes, limits.max_querier_bytes_read, _QUERIER)


# Grafana knows the first of them by how it begins.
_QUERY = (
    "the query would read too many bytes (query: {size}, limit: {limit}); consider adding more specific stream "
    "selectors or reduce the time range of the query"
)
_QUERIER = (
    "query too large to execute on a single querier: (query: {size}, limit: {limit}); consider adding more specific "
    "stream selectors, reduce the time range of the query, or adjust parallelization settings"
)


def _check(size_bytes: int, limit_bytes: int, text: str) -> None:
    if limit_bytes and size_bytes > limit_bytes:
        raise LimitExceeded(text.format(size=format_iec_size(size_bytes), limit=format_iec_size(limit_bytes)))
