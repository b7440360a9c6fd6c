"""The trial of overload: it counts what it says, and what it does not like it says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.connection import ServerRefused
from benchmarks.overload.bystander import Bystander
from benchmarks.overload.phase import send_for
from benchmarks.pushing import PushTarget

Serve = Callable[[Callable[[bytes], int]], str]


@pytest.fixture(name="serve")
def fixture_serve() -> Iterator[Serve]:
    """A server whose answers are statuses that a function of the body chooses."""
    servers: list[ThreadingHTTPServer] = []

    def serve(status_of: Callable[[bytes], int]) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self._answer(status_of(self.rfile.read(int(self.headers["Content-Length"]))))

            def do_GET(self) -> None:
                self._answer(status_of(b""))

            def _answer(self, status: int) -> None:
                body = json.dumps({}).encode() if status == 200 else b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_every_body_is_sent_until_it_is_taken_and_then_never_again(serve: Serve) -> None:
    seen: dict[bytes, int] = {}

    def status_of(body: bytes) -> int:
        seen[body] = seen.get(body, 0) + 1
        return (429, 503, 204)[min(seen[body], 3) - 1]

    phase = send_for(PushTarget(serve(status_of)), [str(n).encode() for n in range(100_000)], 3, 0.5)
    assert 0 < phase.acknowledged == sum(times == 3 for times in seen.values())
    assert phase.refused >= 2 * phase.acknowledged
    assert max(seen.values()) == 3
    assert (phase.senders, phase.rate) == (3, phase.acknowledged / phase.elapsed_s)


def test_another_refusal_ends_the_trial(serve: Serve) -> None:
    with pytest.raises(ServerRefused):
        send_for(PushTarget(serve(lambda _: 400)), [b"x"] * 10, 2, 5)


def test_too_few_bodies_are_told(serve: Serve) -> None:
    with pytest.raises(ValueError, match="too few bodies were prepared for so much time"):
        send_for(PushTarget(serve(lambda _: 204)), [b"x"] * 3, 2, 5)


@pytest.mark.parametrize(("status", "fails"), [(200, False), (503, True)])
def test_a_bystander_counts_answers_and_failures(serve: Serve, status: int, fails: bool) -> None:
    asked = threading.Event()

    def status_of(_: bytes) -> int:
        asked.set()
        return status

    with Bystander(serve(status_of), "calm") as bystander:
        assert asked.wait(10)
    assert len(bystander.waits_s) >= 1
    assert (bystander.failures > 0) == fails
