"""The life of one tail on its WebSocket: accepted, history, new rows until somebody has enough, everything freed.

Rows that come while a message waits for its reader wait in the tail's inbox, which is bounded; a reader that takes
nothing at all does not answer pings either and is cut off by the protocol.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from starlette.types import Message, Receive, Send

from logql.cancel import Cancel
from logql.results import Entry
from logql.tail import DroppedEntry, HeldEntries, Tail, TailQuery
from server.auth import NO_LONGER_VALID, OVER
from server.http.errors import ClientGone, error_text
from server.render.tail import RenderTail, message_lots
from server.services import Services
from server.units import NS

__all__ = ["TailSession"]

_FAILED, _NOT_ALLOWED = 1011, 1008
_REASON_BYTES_MAX = 123  # of a close frame
_PAUSE_S = 0.1  # between looks at what came in: pushes of that time are evaluated together
_OVER = "reached tail max duration limit"


class TailSession:
    """``run`` it once. ``render`` writes messages."""

    def __init__(self, services: Services, tenant: str, asked: TailQuery, render: RenderTail) -> None:
        self._services, self._tenant, self._asked, self._render = services, tenant, asked, render
        self._cancel = Cancel()
        self._news = asyncio.Event()
        self._held = HeldEntries(asked.delay_ns)

    async def run(self, receive: Receive, send: Send) -> None:
        """From the acceptance to the closing of the socket, by whichever side."""
        await send({"type": "websocket.accept"})
        send = _noticing_departure(send)
        departure = asyncio.ensure_future(_departure(receive))
        work = asyncio.ensure_future(self._work(send))
        try:
            longest_s = self._services.settings.http.tail_max_duration_s or None
            await asyncio.wait((departure, work), timeout=longest_s, return_when=asyncio.FIRST_COMPLETED)
            if not departure.done():
                await send({"type": "websocket.close", "code": _FAILED, "reason": _reason(work)})
            elif departure.result():
                await send({"type": "websocket.close", "code": _NOT_ALLOWED, "reason": NO_LONGER_VALID})
        except ClientGone:
            pass
        finally:
            self._cancel.cancel()
            departure.cancel()
            work.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await work

    async def _work(self, send: Send) -> None:
        """Raises what ends the tail."""
        services = self._services
        limit = services.settings_of(self._tenant).query.max_concurrent_tail_requests
        with services.tails.taken(self._tenant, limit), services.metrics.tails.active.held():
            tail = await services.threads.query(services.engine.tail, self._tenant, self._asked, self._waker())
            try:
                with services.tails.following(tail):
                    await self._send_history(tail, send)
                    while True:
                        await self._send_news(tail, send)
            finally:
                tail.close()

    def _waker(self) -> Callable[[], None]:
        loop = asyncio.get_running_loop()

        def wake() -> None:
            # The loop may have ended meanwhile, with the tail.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._news.set)

        return wake

    async def _send_history(self, tail: Tail, send: Send) -> None:
        async with self._services.queue.turn(self._tenant):
            entries = await self._services.threads.query(tail.history, self._cancel)
        await self._send(entries, (), send)

    async def _send_news(self, tail: Tail, send: Send) -> None:
        """What came in, and what was held back long enough; returns after a pause when that is all."""
        if tail.is_idle:
            await self._wait_for_news()
        entries, dropped = await self._services.threads.query(tail.take, self._cancel)
        await self._send(self._ready(entries), dropped, send)
        if tail.is_idle:
            await asyncio.sleep(_PAUSE_S)

    async def _wait_for_news(self) -> None:
        due_ns = self._held.next_due_ns()
        timeout_s = None if due_ns is None else max((due_ns - self._services.now_ns()) / NS, 0)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), timeout_s)
        self._news.clear()

    def _ready(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        if not self._asked.delay_ns:
            return entries
        now_ns = self._services.now_ns()
        self._held.add(entries, now_ns)
        return self._held.due(now_ns)

    async def _send(self, entries: Sequence[Entry], dropped: Sequence[DroppedEntry], send: Send) -> None:
        metrics = self._services.metrics
        metrics.tails.dropped.add(len(dropped))
        for lot in list(message_lots(entries)) or ([()] if dropped else []):
            metrics.tails.bytes.add(sum(len(entry.line) for entry in lot))
            await send({"type": "websocket.send", "text": self._render(lot, dropped)})
            dropped = ()


def _noticing_departure(send: Send) -> Send:
    """Raises ClientGone where servers raise an OSError, which storage raises as well."""

    async def sending(message: Message) -> None:
        try:
            await send(message)
        except OSError:
            raise ClientGone from None

    return sending


async def _departure(receive: Receive) -> bool:
    """Whether it is the server that does not want the reader any more."""
    while (message := await receive())["type"] != "websocket.disconnect":
        pass
    return OVER in message


def _reason(work: asyncio.Future[None]) -> str:
    """Why the server closes the socket. Raises ClientGone when it need not any more."""
    if not work.done():
        return _OVER
    error = work.exception()
    if isinstance(error, ClientGone):
        raise error
    assert isinstance(error, Exception), "nothing else ends the work"
    return error_text(error).encode()[:_REASON_BYTES_MAX].decode(errors="ignore")
