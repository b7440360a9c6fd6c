"""How a running query is told to stop: by its client, or by its deadline."""

from __future__ import annotations

import threading
import time

from logql.errors import QueryCancelled, QueryTimeout

__all__ = ["Cancel"]


class Cancel:
    """Shared by all threads of a query; each asks ``check`` once per batch."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._deadline_s = float("inf")

    def cancel(self) -> None:
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def expire_after(self, timeout_s: float) -> None:
        """Set the deadline; 0 means none."""
        self._deadline_s = time.monotonic() + timeout_s if timeout_s > 0 else float("inf")

    def check(self) -> None:
        """Raises QueryCancelled or QueryTimeout when it is time to stop."""
        if self._cancelled.is_set():
            raise QueryCancelled
        if time.monotonic() > self._deadline_s:
            raise QueryTimeout
