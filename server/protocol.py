"""HTTP/1.1 as uvicorn's httptools protocol speaks it, but for the size of the request's head.

Grafana puts whole queries into the URL: the stock protocol refuses URLs over 64 KiB, and has no limit on headers.
"""

from __future__ import annotations

from typing import NoReturn

from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.websocket import MAX_HEADER_BYTES, MAX_HEADERS

__all__ = ["MAX_HEAD_BYTES", "MAX_PATH_BYTES", "HttpProtocol"]

_WEBSOCKET_PATHS = frozenset((b"/loki/api/v1/tail", b"/api/prom/tail"))

MAX_PATH_BYTES = 8192  # a label's name is the longest part of any
MAX_HEAD_BYTES = 1 << 20  # of request line and headers together, as in the reference


class HttpProtocol(HttpToolsProtocol):
    """Bounds the head and keeps the query string away from the URL parser."""

    _is_in_head = False
    _refusal = ""
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("request line and headers are too long")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._head_bytes = True, 0

    def on_headers_complete(self) -> None:
        self._is_in_head = False
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

    def _refuse(self, cause: str) -> NoReturn:
        """End the parsing; the answer is then sent once, whatever has come of the body."""
        self._refusal = cause
        raise HttpParserError(cause)
