"""What one query may hold in memory."""

from __future__ import annotations

import threading

from logql.errors import LimitExceeded
from logql.values.byte_size import format_byte_size

__all__ = ["MemoryBudget"]

_FEWER_SERIES = "aggregate with sum by (...), select fewer streams, shorten the range or enlarge the step"


class MemoryBudget:
    """Thread-safe. Counts what grows with the data: samples, tables of series by points, lines that are answered."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._used_bytes = 0
        self._lock = threading.Lock()

    def reserve(self, size_bytes: int, what: str, remedy: str = _FEWER_SERIES) -> None:
        """Raises LimitExceeded, naming ``what`` is too much, when the query would hold more than it may."""
        with self._lock:
            self._used_bytes += size_bytes
            is_over = self._used_bytes > self._limit_bytes
        if is_over:
            raise LimitExceeded(
                f"the query needs more memory than its budget of {format_byte_size(self._limit_bytes)} for {what}; "
                f"{remedy}"
            )

    def release(self, size_bytes: int) -> None:
        with self._lock:
            self._used_bytes -= size_bytes
