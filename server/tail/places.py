"""How many tails each tenant has open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from logql.errors import LimitExceeded

__all__ = ["TailPlaces"]


class TailPlaces:
    """For one event loop."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

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

    def __len__(self) -> int:
        return self._taken.total()
