"""Counting what a bucket is asked for: by everybody together, and by the work that a caller wants to know the price of.

A meter follows the context, so the threads of one query count into the query's own.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

__all__ = ["OPERATION_SECONDS", "Meter", "Operation", "Usage", "count_usage", "metering"]

OPERATION_SECONDS = (0.001, 0.01, 0.1, 0.3, 0.6, 1, 3, 6, 9, 20, 30, 60, 90, 120)


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


@dataclass(slots=True)
class Operation:
    """One kind of call to a bucket, repetitions included: how many there were, how many failed, how long they took.

    within  (OPERATION_SECONDS + 1,) calls that took no longer than each bound and longer than the one before
    """

    calls: int = 0
    failures: int = 0
    seconds: float = 0.0
    within: list[int] = field(default_factory=lambda: [0] * (len(OPERATION_SECONDS) + 1))

    def add(self, seconds: float, has_failed: bool) -> None:
        self.calls += 1
        self.failures += int(has_failed)
        self.seconds += seconds
        self.within[bisect_left(OPERATION_SECONDS, seconds)] += 1


class Meter:
    """Thread-safe. ``operations`` by the names that S3 has for them."""

    def __init__(self) -> None:
        self.usage = Usage()
        self.operations: dict[str, Operation] = {}
        self._lock = threading.Lock()

    @contextmanager
    def operation(self, name: str) -> Iterator[None]:
        """One call, timed; it fails by what it raises, but for an object that is not there."""
        began_s, has_failed = time.perf_counter(), True
        try:
            yield
            has_failed = False
        except FileNotFoundError:
            has_failed = False
            raise
        finally:
            seconds = time.perf_counter() - began_s
            with self._lock:
                self.operations.setdefault(name, Operation()).add(seconds, has_failed)

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
