"""The agent's own pages: ``/metrics``, ``/ready``, ``/targets``."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Pages", "as_json"]

Page = Callable[[], tuple[str, str]]


class Pages:
    """A server on a thread of its own. Raises OSError when the address is taken."""

    def __init__(self, address: str, port: int, pages: dict[str, Page]) -> None:
        self._server = _Server((address, port), _handler(pages))
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="pages", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def as_json(document: object) -> tuple[str, str]:
    """A page of JSON."""
    return "application/json", json.dumps(document, indent=1)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that goes away is nobody's trouble."""


def _handler(pages: dict[str, Page]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            if page is None:
                self._answer(404, "text/plain", f"there is no such page; there are {', '.join(pages)}\n")
                return
            self._answer(200, *page())

        def _answer(self, status: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: pages are asked for every few seconds."""

    return Handler
