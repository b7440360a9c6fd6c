"""Buckets of bytes that fill with time: the usual way to bound a rate and still take bursts."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Bucket", "Buckets"]

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class Bucket:
    bytes_left: float
    filled_at_s: float


class Buckets(Generic[K]):
    """At most ``count_max`` of them. Not thread-safe: the owner has a lock."""

    def __init__(self, clock: Callable[[], float], count_max: int) -> None:
        self._clock, self._count_max = clock, count_max
        self._buckets: dict[K, Bucket] = {}

    def filled(self, key: K, rate: float, burst: float) -> Bucket:
        """The bucket with what has flowed in since it was last asked for; a new one is full."""
        now_s = self._clock()
        bucket = self._buckets.pop(key, None) or Bucket(burst, now_s)
        bucket.bytes_left = min(burst, bucket.bytes_left + rate * (now_s - bucket.filled_at_s))
        bucket.filled_at_s = now_s
        self._buckets[key] = bucket
        if len(self._buckets) > self._count_max:
            # The one not asked for longest: it has had most time to fill.
            del self._buckets[next(iter(self._buckets))]
        return bucket
