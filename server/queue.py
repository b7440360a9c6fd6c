"""Which queries run and which wait: a bounded number runs, others wait in turn, tenant by tenant, and no longer queue
than memory and patience allow.

A server that starts all of 200 queries answers none of them soon, and keeps pushes and probes waiting as well.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.http.errors import TooManyRequests

__all__ = ["QueryQueue"]

_WAITING_TENANTS_MAX = 100  # with a full queue each


class QueryQueue:
    """``running_max`` queries at once, ``waiting_max`` of a tenant in line. For one event loop."""

    def __init__(self, running_max: int, waiting_max: int) -> None:
        self._running_max, self._waiting_max = running_max, waiting_max
        self._running = 0
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # in the order in which the tenants' turns come

    @asynccontextmanager
    async def turn(self, tenant: str) -> AsyncIterator[None]:
        """Wait for a place, hold it inside. Raises TooManyRequests where the line is full."""
        await self._enter(tenant)
        try:
            yield
        finally:
            self._leave()

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    async def _enter(self, tenant: str) -> None:
        if self._running < self._running_max:
            self._running += 1
            return
        line = self._waiting.get(tenant, deque())
        if len(line) >= self._waiting_max or self.waiting >= self._waiting_max * _WAITING_TENANTS_MAX:
            raise TooManyRequests
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, line).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # called at the very moment of leaving
                self._leave()
            raise

    def _leave(self) -> None:
        """Hand the place to the tenant whose turn it is."""
        while self._waiting:
            tenant = next(iter(self._waiting))
            line = self._waiting.pop(tenant)
            place = line.popleft()
            if line:
                self._waiting[tenant] = line
            if not place.done():
                place.set_result(None)
                return
        self._running -= 1
