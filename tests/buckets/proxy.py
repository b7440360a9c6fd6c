"""A proxy before an S3 server that loses, delays, shortens, damages and repeats answers when it is told to.

Requests are passed on as they are, their Host header included, so that their signatures hold.
"""

from __future__ import annotations

import http.client
import socket
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Asked", "Drop", "Fault", "FaultyProxy", "Reply", "error_reply"]

_XML = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>by the proxy</Message></Error>'
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_list(self) -> bool:
        return "list-type=2" in self.path


@dataclass(slots=True)
class Reply:
    """An answer. ``sent_bytes`` of the body are sent, then the connection ends; None sends all of it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    sent_bytes: int | None = None
    stall_s: float = 0.0
    length: int | None = None


class Drop(Exception):
    """Reset the connection instead of answering."""


# Gets the request and what asks the server; answers what the client sees.
Fault = Callable[[Asked, Callable[[], Reply]], Reply]


def _honest(_: Asked, ask: Callable[[], Reply]) -> Reply:
    return ask()


class FaultyProxy:
    """``fault`` says what happens; ``asked`` is what came, ``is_up`` whether anybody answers at all."""

    def __init__(self, server: str) -> None:
        self.fault: Fault = _honest
        self.asked: list[Asked] = []
        self.is_up = True
        self._server = urllib.parse.urlsplit(server).netloc
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, asked: Asked) -> Reply:
        """Raises Drop."""
        self.asked.append(asked)
        if not self.is_up:
            raise Drop
        return self.fault(asked, lambda: self._ask(asked))

    def _ask(self, asked: Asked) -> Reply:
        connection = http.client.HTTPConnection(self._server, timeout=30)
        try:
            connection.putrequest(asked.method, asked.path, skip_host=True, skip_accept_encoding=True)
            for name, value in asked.headers.items():
                if name.lower() not in {"expect", "connection"}:
                    connection.putheader(name, value)
            connection.endheaders(asked.body or None)
            answer = connection.getresponse()
            body = answer.read()
            length = int(answer.getheader("Content-Length") or len(body))
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP]
            return Reply(answer.status, kept, body, length=length if asked.method == "HEAD" else None)
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the test."""


def _handler(proxy: FaultyProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(size))
            try:
                self._send(proxy.answer(asked))
            except Drop:
                self._reset()

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.stall_s)
            self.send_response_only(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body[: reply.sent_bytes])
            if reply.sent_bytes is not None:
                self.wfile.flush()
                self.close_connection = True

        def _reset(self) -> None:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Tests print what they need."""

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve

    return Handler


def error_reply(status: int, code: str) -> Reply:
    """An answer as S3 gives it."""
    return Reply(status, [("Content-Type", "application/xml")], _XML.format(code=code).encode())
