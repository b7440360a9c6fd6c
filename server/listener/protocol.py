"""HTTP/1.1 as uvicorn's httptools protocol speaks it, but for the size of the request's head, and for slow clients.

Grafana puts whole queries into the URL: the stock protocol refuses URLs over 64 KiB, and has no limit on headers, nor
on the time that a request takes to arrive and its answer to be taken.
"""

from __future__ import annotations

import asyncio
from typing import NoReturn

from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.listener.slow_clients import Deadlines, WriteWatch, longest_idle
from server.listener.websocket import MAX_HEADER_BYTES, MAX_HEADERS

__all__ = ["MAX_HEADERS_COUNT", "MAX_HEAD_BYTES", "MAX_PATH_BYTES", "HttpProtocol", "with_deadlines"]

_WEBSOCKET_PATHS = frozenset((b"/loki/api/v1/tail", b"/api/prom/tail"))

MAX_PATH_BYTES = 8192  # a label's name is the longest part of any
MAX_HEADERS_COUNT = 1000
MAX_HEAD_BYTES = 1 << 20  # of request line and headers together, as in the reference

_LATE = b"the request took too long to come\n"
_TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\n\r\n%b" % (len(_LATE), _LATE)
)


def with_deadlines(deadlines: Deadlines) -> type[HttpProtocol]:
    """The protocol of a server with these."""
    return type("HttpProtocol", (HttpProtocol,), {"deadlines": deadlines})


class HttpProtocol(HttpToolsProtocol):
    """Bounds the head and its time, and keeps the query string away from the URL parser.

    ``deadlines`` are set by ``with_deadlines``.
    """

    deadlines = Deadlines()
    waits_since_s: float | None = None  # for its client to ask something
    _is_in_head = False
    _is_in_body = False
    _refusal = ""
    _head_bytes = 0
    _read_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.waits_since_s = self.loop.time()
        self._writing = WriteWatch(transport, self.loop, self.deadlines.write_s)
        self._arm(self.deadlines.idle_s)
        if 0 < self.deadlines.connections_max < len(self.connections):
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self._writing.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_head, was_in_body = self._is_in_head, self._is_in_body
        super().data_received(data)
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("request line and headers are too long")
        # A request that arrived as a whole, as most do, costs no timer.
        if self._is_in_head and not was_in_head:
            self._arm(self.deadlines.head_s)
        elif self._is_in_body and not was_in_body:
            self._arm(self.deadlines.read_s)
        elif not self._is_in_head and not self._is_in_body:
            self._disarm()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._head_bytes = True, 0

    def on_message_complete(self) -> None:
        self._is_in_body = False
        if self.cycle is not None and not self.cycle.response_complete:
            self.waits_since_s = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.waits_since_s = self.loop.time()
        self._writing.look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writing.look()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._writing.look()

    def on_header(self, name: bytes, value: bytes) -> None:
        # What follows a chunked body comes here as well: it must not become a header that was judged already.
        if not self._is_in_head:
            return
        super().on_header(name, value.rstrip(b" \t"))  # blanks around a value are none of it; the parser leaves these
        if len(self.headers) > MAX_HEADERS_COUNT:
            self._refuse(f"too many headers: limit: {MAX_HEADERS_COUNT}")

    def on_headers_complete(self) -> None:
        self._is_in_head, self._is_in_body = False, True
        if self.parser.get_http_version() == "1.1" and sum(name == b"host" for name, _ in self.headers) != 1:
            self._refuse("a request of HTTP/1.1 needs one Host header")
        # The parser's lengths have 16 bits; a query string needs no parsing. The application starts with the next
        # turn of the loop, so that it sees the query string set below.
        whole_url = self.url
        self.url, _, query_string = whole_url.partition(b"?")
        if len(self.url) > MAX_PATH_BYTES:
            self._refuse(f"the path is too long: {len(self.url)} bytes, limit: {MAX_PATH_BYTES}")
        super().on_headers_complete()
        self.url = whole_url
        self.scope["query_string"] = query_string

    def _should_upgrade_to_ws(self) -> bool:
        """Elsewhere a wish for a WebSocket is ignored, as the reference ignores it."""
        return self.url.partition(b"?")[0] in _WEBSOCKET_PATHS and super()._should_upgrade_to_ws()

    def handle_websocket_upgrade(self) -> None:
        self._is_in_body = False
        self._disarm()
        headers = list(self.scope["headers"])
        if len(headers) > MAX_HEADERS or any(len(name) + len(value) > MAX_HEADER_BYTES for name, value in headers):
            self.send_400_response("too many or too long headers for a WebSocket")
            return
        # The next protocol has a limit for the request line, too: it gets the query string in the same way.
        self.url, _, query_string = self.url.partition(b"?")
        super().handle_websocket_upgrade()
        scope = getattr(self.transport.get_protocol(), "scope", None)
        if scope is not None:  # else it has refused the handshake
            scope["query_string"] = query_string

    def send_400_response(self, msg: str) -> None:
        super().send_400_response(self._refusal or msg)

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._read_timer = self.loop.call_later(seconds, self._give_up_reading)

    def _disarm(self) -> None:
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None

    def _give_up_reading(self) -> None:
        self._read_timer = None
        if self.transport.is_closing():
            self.transport.abort()
        elif self.pipeline:
            # It is us who do not read, for an earlier request is being answered.
            self._arm(self.deadlines.read_s)
        elif self.cycle is not None and self.cycle.response_started:
            self.transport.close()
            self._writing.look()
        else:
            if self._is_in_head or self._is_in_body:
                self.transport.write(_TOO_SLOW)
            self.transport.close()
            self._writing.look()

    def _make_room(self) -> None:
        idle = longest_idle(self.connections, HttpProtocol)
        (idle or self).transport.abort()

    def _refuse(self, cause: str) -> NoReturn:
        """End the parsing; the answer is then sent once, whatever has come of the body."""
        self._refusal = cause
        raise HttpParserError(cause)
