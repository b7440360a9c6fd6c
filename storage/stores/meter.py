"""Counting what a bucket is asked for: by everybody together, and by the work that a caller wants to know the price of.

A meter follows the context, so the threads of one query count into the query's own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["Meter", "Usage", "count_usage", "metering"]


@dataclass(slots=True)
class Usage:
    """Requests to buckets, each attempt counted, and what the cache spared.

    requests, retries        attempts, and those of them that followed a failure
    bytes_read, bytes_sent   bodies
    wait_ns                  time until the answers were there, added up over threads
    cache_hits, cache_misses, cache_bytes   pieces found and not found in memory or on the local disk, bytes found
    """

    requests: int = 0
    retries: int = 0
    bytes_read: int = 0
    bytes_sent: int = 0
    wait_ns: int = 0
    cache_hits: int = 0
    cache_misses: int = 0
    cache_bytes: int = 0

    def add(self, **amounts: int) -> None:
        for name, amount in amounts.items():
            setattr(self, name, getattr(self, name) + amount)


class Meter:
    """Thread-safe."""

    def __init__(self) -> None:
        self.usage = Usage()
        self._lock = threading.Lock()

    def add(self, **amounts: int) -> None:
        """``amounts`` by the names of ``Usage``'s fields."""
        with self._lock:
            self.usage.add(**amounts)


_current: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metering(meter: Meter) -> Iterator[None]:
    """Within the block, and in threads that run in a copy of its context, ``meter`` counts too."""
    token = _current.set(meter)
    try:
        yield
    finally:
        _current.reset(token)


def count_usage(total: Meter, **amounts: int) -> None:
    """Add to ``total`` and to the meter of the work that is being done here."""
    total.add(**amounts)
    own = _current.get()
    if own is not None:
        own.add(**amounts)
