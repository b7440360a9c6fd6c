"""WebSockets as uvicorn speaks them on ``websockets``, but that a reader who takes nothing is cut off.

Closing a transport waits for what was written to it, which such a reader never takes: so it is given some seconds.
"""

from __future__ import annotations

import asyncio

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

__all__ = [
    "MAX_HEADERS",
    "MAX_HEADER_BYTES",
    "MAX_MESSAGE_BYTES",
    "PING_INTERVAL_S",
    "PING_TIMEOUT_S",
    "WebSocketProtocol",
]

MAX_HEADERS = 120  # the library takes 128, with some of its own
MAX_HEADER_BYTES = 8000  # of a name and its value; the library takes 8192 with what is between them
MAX_MESSAGE_BYTES = 64 << 10  # nobody has much to say to a tail
PING_INTERVAL_S = 1.0
PING_TIMEOUT_S = 30.0  # pings stand behind the messages that a slow reader has not taken yet
_PARTING_S = 5.0


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Ends with its transport, whatever the other side does."""

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True  # a refusal is an answer, too: nothing is left to complain about

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._part()

    def shutdown(self) -> None:
        super().shutdown()
        self._part()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self._part()

    def _part(self) -> None:
        self.loop.call_later(_PARTING_S, self.transport.abort)
