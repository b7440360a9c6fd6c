"""How many tails each tenant has open, and how many streams they follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from logql.errors import LimitExceeded
from logql.tail import Tail

__all__ = ["TailPlaces"]


class TailPlaces:
    """For one event loop."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._tails: list[Tail] = []

    @contextmanager
    def taken(self, tenant: str, limit: int) -> Iterator[None]:
        """Hold a place inside. Raises LimitExceeded when ``limit`` are held; 0 is no limit."""
        if limit and self._taken[tenant] >= limit:
            raise LimitExceeded(
                f"max concurrent tail requests limit exceeded, count > limit ({self._taken[tenant] + 1} > {limit})"
            )
        self._taken[tenant] += 1
        try:
            yield
        finally:
            self._taken[tenant] -= 1
            self._taken += Counter()  # forgets tenants without any

    @contextmanager
    def following(self, tail: Tail) -> Iterator[Tail]:
        """Count the streams of a tail inside."""
        self._tails.append(tail)
        try:
            yield tail
        finally:
            self._tails.remove(tail)

    @property
    def streams(self) -> int:
        """Streams that tails follow, those of each counted by themselves."""
        return sum(tail.stream_count for tail in self._tails)

    def __len__(self) -> int:
        return self._taken.total()
