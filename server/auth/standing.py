"""Requests that are being answered, by whose credentials: what is revoked or ends meanwhile ends its requests, too."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Message, Receive

from server.auth.gate import Caller, Gate

__all__ = ["LOOK_EVERY_S", "NO_LONGER_VALID", "OVER", "Standing", "Watched"]

LOOK_EVERY_S = 1.0
NO_LONGER_VALID = "the credentials are no longer valid"
OVER = "skaldlog.over"  # in the message that tells a request of its end


class Watched:
    """One request. Once its caller is out, ``receive`` tells it what it is told when its client leaves."""

    def __init__(self, receive: Receive, kind: str) -> None:
        """``kind``: of the ASGI scope."""
        self._receive, self._kind = receive, kind
        self.caller: Caller | None = None
        self._over: asyncio.Event | None = None

    def begin(self, caller: Caller) -> None:
        self.caller, self._over = caller, asyncio.Event()

    def end(self) -> None:
        if self._over is not None:
            self._over.set()

    @property
    def is_over(self) -> bool:
        return self._over is not None and self._over.is_set()

    async def receive(self) -> Message:
        if self._over is None:
            return await self._receive()
        incoming: asyncio.Future[Any] = asyncio.ensure_future(self._receive())
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait((incoming, over), return_when=asyncio.FIRST_COMPLETED)
            if over.done():
                return {"type": f"{self._kind}.disconnect", "code": 1008, OVER: True}
            return incoming.result()  # type: ignore[no-any-return]
        finally:
            incoming.cancel()
            over.cancel()


class Standing:
    """For one event loop; ``look`` now and then. Callers without credentials are never out."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._watched: set[Watched] = set()

    def add(self, watched: Watched, caller: Caller) -> None:
        if caller.record is not None:
            watched.begin(caller)
            self._watched.add(watched)

    def remove(self, watched: Watched) -> None:
        self._watched.discard(watched)

    def look(self) -> None:
        """End the requests of callers whose credentials are not what they were."""
        for watched in list(self._watched):
            assert watched.caller is not None
            if not self._gate.stands(watched.caller):
                watched.end()

    async def keep_looking(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.look()
