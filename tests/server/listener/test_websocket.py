"""The protocol under a tail ends with its connection, also when nobody reads."""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, ParamSpec

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.listener import websocket as websocket_module
from server.listener.protocol import HttpProtocol
from server.listener.websocket import MAX_MESSAGE_BYTES, WebSocketProtocol

P = ParamSpec("P")

HANDSHAKE = (
    b"GET /loki/api/v1/tail HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
LIMIT_S = 20


def in_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A test that is a coroutine."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


@asynccontextmanager
async def _served(app: ASGIApp) -> AsyncIterator[int]:
    """The port of a server with our protocols and impatient pings."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=HttpProtocol,
        ws=WebSocketProtocol,
        lifespan="off",
        log_config=None,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=0.05,
        ws_ping_timeout=0.3,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve([listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving


def _ends_when(event: asyncio.Event) -> ASGIApp:
    """Sends without end, and tells when it cannot any more."""

    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        try:
            while True:
                await send({"type": "websocket.send", "text": "x" * 65536})
        except OSError:
            event.set()

    return app


async def _echoing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": scope["query_string"].decode()})
    while (await receive())["type"] != "websocket.disconnect":
        pass


@in_loop
async def test_a_reader_that_takes_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_module, "_PARTING_S", 0.1)
    ended = asyncio.Event()
    async with _served(_ends_when(ended)) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(HANDSHAKE + b"\r\n")
        await asyncio.wait_for(ended.wait(), LIMIT_S)
        writer.close()


@in_loop
async def test_pings_keep_a_reader_that_answers() -> None:
    async with _served(_echoing) as port, connect(f"ws://127.0.0.1:{port}/loki/api/v1/tail") as client:
        await client.recv()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.recv(), 0.8)
        assert client.close_code is None


@in_loop
async def test_a_query_longer_than_the_librarys_lines_arrives() -> None:
    query = "query=" + "%7B" * 20_000
    async with _served(_echoing) as port, connect(f"ws://127.0.0.1:{port}/loki/api/v1/tail?{query}") as client:
        assert await client.recv() == query


@pytest.mark.parametrize("headers", [{"x": "y" * 9000}, {f"x-{number}": "y" for number in range(130)}])
@in_loop
async def test_more_headers_than_the_library_takes_are_refused(headers: dict[str, str]) -> None:
    async with _served(_echoing) as port:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://127.0.0.1:{port}/loki/api/v1/tail", additional_headers=headers):
                pass
        assert refused.value.response.status_code == 400


@in_loop
async def test_a_client_with_much_to_say_is_closed() -> None:
    async with _served(_echoing) as port, connect(f"ws://127.0.0.1:{port}/loki/api/v1/tail") as client:
        await client.recv()
        await client.send("x" * (MAX_MESSAGE_BYTES + 1))
        with pytest.raises(ConnectionClosed) as closed:
            await client.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


@pytest.mark.parametrize(
    "head",
    [
        HANDSHAKE.replace(b"Version: 13", b"Version: 12"),
        HANDSHAKE.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"x"),
        HANDSHAKE.replace(b"GET", b"POST"),
    ],
)
@in_loop
async def test_bad_handshakes_are_refused_as_http(head: bytes) -> None:
    async with _served(_echoing) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head + b"\r\n")
        status = await asyncio.wait_for(reader.readline(), LIMIT_S)
        assert status.startswith(b"HTTP/1.1 4"), status
        writer.close()
