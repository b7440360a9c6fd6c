"""A push receiver on loopback whose answers follow a script, and which records what arrived."""

from __future__ import annotations

import gzip
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.benchmarks.wire import decode_push

LABEL = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True)
class Reply:
    """What to do with one request: answer with a status, or reset the connection; ``keep`` stores the lines first.

    ``trickles``: the answer comes, a byte now and then, and never ends.
    """

    status: int = 204
    keep: bool = True
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    delay_s: float = 0.0
    trickles: bool = False


OK = Reply()
RESET = Reply(reset=True, keep=False)
RESET_AFTER_KEEPING = Reply(reset=True)


def refusal(status: int, body: str = "no", **headers: str) -> Reply:
    """An answer that stores nothing."""
    return Reply(
        status, keep=False, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


@dataclass
class Receiver:
    """``next_reply``, or ``judge`` with the lines, is asked once per request.

    ``pushes`` are (stream labels, values) in order of arrival, ``asked`` those of the last request, kept or not.
    """

    next_reply: Callable[[], Reply] = lambda: OK
    judge: Callable[[list[str]], Reply] | None = None
    url: str = ""
    pushes: list[tuple[dict[str, str], list[list[Any]]]] = field(default_factory=list)
    asked: list[tuple[dict[str, str], list[list[Any]]]] = field(default_factory=list)
    requests: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)

    @property
    def values(self) -> list[list[Any]]:
        """All [timestamp, line, metadata] values that arrived, repeats included."""
        return [value for _, values in self.pushes for value in values]

    @property
    def lines(self) -> list[str]:
        """The lines of all values."""
        return [value[1] for value in self.values]

    def await_lines(self, count: int, timeout_s: float = 5.0) -> list[str]:
        """Wait for at least ``count`` lines and return what is there."""
        deadline_s = time.monotonic() + timeout_s
        while len(self.lines) < count and time.monotonic() < deadline_s:
            time.sleep(0.005)
        return self.lines


@contextmanager
def receiving(
    next_reply: Callable[[], Reply] = lambda: OK,
    tls: ssl.SSLContext | None = None,
    judge: Callable[[list[str]], Reply] | None = None,
) -> Iterator[Receiver]:
    """Run a receiver for the length of a with block."""
    receiver = Receiver(next_reply, judge)
    server = _Server(("127.0.0.1", 0), _handler(receiver))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pushed_streams(data: bytes, content_type: str) -> list[tuple[dict[str, str], list[list[Any]]]]:
    """(labels, values) of a push body, as JSON writes them."""
    if content_type == "application/json":
        return [(stream["stream"], stream["values"]) for stream in json.loads(data.decode("utf-8"))["streams"]]
    streams = decode_push(data).items()
    return [
        (
            {name: json.loads(value) for name, value in LABEL.findall(labels)},
            [[str(ts_ns), line, *([metadata] if metadata else [])] for ts_ns, line, metadata in entries],
        )
        for labels, entries in streams
    ]


def script(*replies: Reply) -> Callable[[], Reply]:
    """These replies in order, success afterwards."""
    rest = list(replies)
    return lambda: rest.pop(0) if rest else OK


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that goes away is part of the tests."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append((time.monotonic(), self.path, dict(self.headers)))
            receiver.connections.add(self.client_address)
            data = gzip.decompress(data) if self.headers.get("Content-Encoding") == "gzip" else data
            streams = pushed_streams(data, self.headers["Content-Type"])
            receiver.asked = streams
            if receiver.judge is None:
                reply = receiver.next_reply()
            else:
                reply = receiver.judge([value[1] for _, values in streams for value in values])
            time.sleep(reply.delay_s)
            if reply.keep:
                receiver.pushes.extend(streams)
            if reply.reset:
                # Linger zero turns close into a reset instead of an orderly end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                return
            if reply.trickles:
                self._trickle()
                return
            self._answer(reply)

        def _trickle(self) -> None:
            self.close_connection = True
            for byte in b"HTTP/1.1 204 No Content\r\nX-Padding: " + b"a" * 1000:
                try:
                    self.wfile.write(bytes([byte]))
                except OSError:
                    return
                time.sleep(0.05)

        def _answer(self, reply: Reply) -> None:
            body = reply.body.encode()
            self.send_response_only(reply.status)
            self.send_header("Date", reply.headers.get("Date") or self.date_time_string())
            for name, value in reply.headers.items():
                if name != "Date":
                    self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if reply.status != 204:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
