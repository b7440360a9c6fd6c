"""How a running query is told to stop: by its client, or by its deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from logql.errors import QueryCancelled, QueryTimeout

__all__ = ["Cancel", "check_query"]

_of_thread = threading.local()


class Cancel:
    """Shared by all threads of a query; each asks ``check`` once per batch, long work on a batch ``check_query``."""

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

    @contextmanager
    def watching(self) -> Iterator[None]:
        """What this thread does meanwhile it does for this query."""
        _of_thread.cancel = self
        try:
            yield
        finally:
            _of_thread.cancel = None


def check_query() -> None:
    """``Cancel.check`` of the query that this thread works for, if it does.

    For loops whose length a user chooses: stages know rows and labels, not the query around them.
    """
    cancel: Cancel | None = getattr(_of_thread, "cancel", None)
    if cancel is not None:
        cancel.check()
