"""HTTP/1.1 as uvicorn's httptools protocol speaks it, but for the size of the request's head.

Grafana puts whole queries into the URL: the stock protocol refuses URLs over 64 KiB, and has no limit on headers.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["MAX_HEAD_BYTES", "HttpProtocol"]

MAX_HEAD_BYTES = 1 << 20  # of request line and headers together, as in the reference


class HttpProtocol(HttpToolsProtocol):
    """Bounds the head and keeps the query string away from the URL parser."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        # The parser's lengths have 16 bits; a query string needs no parsing. The application starts with the next
        # turn of the loop, so that it sees the query string set below.
        whole_url = self.url
        self.url, _, query_string = whole_url.partition(b"?")
        super().on_headers_complete()
        self.url = whole_url
        self.scope["query_string"] = query_string

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            raise _HeadTooLarge


class _HeadTooLarge(Exception):
    """Makes the parser stop; the connection is answered with a 400 and closed."""
