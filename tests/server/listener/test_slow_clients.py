"""Clients that are slow on purpose: each is cut off in bounded time, and others do not notice."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.server.test_run import PATIENCE_S, Running, running

PUSH = "/loki/api/v1/push"
DEADLINE_S = 1.0
ALLOWED_S = 12.0  # for what has to happen within a second or two, on a machine that others use as well
CONNECTIONS_MAX = 30
BODIES_MAX = 1 << 20
LINE = "x" * 1000
LINES = 5000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = {
        "server.http_server_idle_timeout": "1s",
        "server.http_server_read_header_timeout": "1s",
        "server.http_server_read_timeout": "1s",
        "server.http_server_write_timeout": "1s",
        "server.http_listen_conn_limit": str(CONNECTIONS_MAX),
        "server.max_receiving_size": "1MB",
        "limits_config.ingestion_rate_mb": "1000",
        "limits_config.ingestion_burst_size_mb": "1000",
        "limits_config.per_stream_rate_limit": "1GB",
        "limits_config.per_stream_rate_limit_burst": "1GB",
    }
    flags = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    with running(tmp_path_factory.mktemp("data"), *flags) as made:
        assert push(made, LINES).startswith(b"HTTP/1.1 204")
        yield made


def connect(server: Running, receive_bytes: int = 0) -> socket.socket:
    connection = socket.socket()
    if receive_bytes:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.settimeout(PATIENCE_S)
    connection.connect(("127.0.0.1", server.port))
    return connection


def push_request(lines: int) -> bytes:
    now_ns = time.time_ns()
    values = [[str(now_ns + number), LINE] for number in range(lines)]
    body = json.dumps({"streams": [{"stream": {"app": "slow"}, "values": values}]}).encode()
    head = f"POST {PUSH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def push(server: Running, lines: int) -> bytes:
    # In pieces of what is free: the bodies of all are bounded here.
    with connect(server) as connection:
        answer = b""
        for start in range(0, lines, 200):
            connection.sendall(push_request(min(200, lines - start)))
            answer = connection.recv(1000)
        return answer


def trickle(connection: socket.socket, data: bytes) -> tuple[bytes, float]:
    """Send a byte ten times a second until the server has enough; what it said, and after how long."""
    began_s = time.monotonic()
    connection.settimeout(0.1)
    said = b""
    for byte in data:
        with suppress(OSError):
            connection.sendall(bytes([byte]))
        try:
            received = connection.recv(1000)
        except TimeoutError:
            received = None
        except OSError:
            received = b""
        said += received or b""
        if received == b"":
            return said, time.monotonic() - began_s
        if time.monotonic() - began_s > ALLOWED_S:
            break
    raise AssertionError(f"it is let go on: {said!r}")


HEAD = b"GET /ready HTTP/1.1\r\nHost: a\r\nLong: " + b"x" * 1000
BODY_HEAD = (
    f"POST {PUSH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n".encode()
)
CHUNKED_HEAD = f"POST {PUSH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
REFUSED_HEAD = f"POST {PUSH} HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n".encode()


@dataclass(frozen=True)
class Slow:
    """Sent at once, then slowly; how the answer begins."""

    name: str
    at_once: bytes
    slowly: bytes
    answer: bytes = b"HTTP/1.1 408"

    def __str__(self) -> str:
        return self.name


SLOW = [
    Slow("head", b"", HEAD),
    Slow("end of head", HEAD, b"y" * 1000),
    Slow("body", BODY_HEAD, b" " * 1000),
    Slow("rest of body", BODY_HEAD + b"{", b" " * 1000),
    Slow("chunks", CHUNKED_HEAD, b"1\r\n \r\n" * 1000),
    Slow("a chunk", CHUNKED_HEAD + b"ffff\r\n", b" " * 1000),
    Slow("refused body", REFUSED_HEAD, b" " * 1000, b"HTTP/1.1 413"),
    Slow("second request", b"GET /ready HTTP/1.1\r\nHost: a\r\n\r\n", HEAD, b"HTTP/1.1 200"),
]


@pytest.fixture(scope="module")
def outcomes(server: Running) -> dict[Slow, tuple[bytes, float]]:
    """What all of them were told and after how long; at the same time, for each takes seconds."""

    def play(slow: Slow) -> tuple[bytes, float]:
        with connect(server) as connection:
            connection.sendall(slow.at_once)
            return trickle(connection, slow.slowly)

    with ThreadPoolExecutor(len(SLOW)) as pool:
        return dict(zip(SLOW, pool.map(play, SLOW), strict=True))


@pytest.mark.parametrize("slow", SLOW, ids=str)
def test_who_sends_slowly_is_cut_off(outcomes: dict[Slow, tuple[bytes, float]], slow: Slow) -> None:
    said, taken_s = outcomes[slow]
    assert said.startswith(slow.answer)
    assert DEADLINE_S / 2 < taken_s < ALLOWED_S


def test_who_says_nothing_is_cut_off(server: Running) -> None:
    with connect(server) as connection:
        assert connection.recv(100) == b""


def test_a_body_that_comes_in_time_in_many_pieces_is_taken(server: Running) -> None:
    request = push_request(20)
    with connect(server) as connection:
        for start in range(0, len(request), 2000):
            connection.sendall(request[start : start + 2000])
            time.sleep(0.01)
        assert connection.recv(1000).startswith(b"HTTP/1.1 204")


QUERY = f"GET /loki/api/v1/query_range?query=%7Bapp%3D%22slow%22%7D&limit={LINES} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def test_who_never_reads_is_cut_off_and_the_answer_is_let_go(server: Running) -> None:
    with ExitStack() as stack:
        readers = [stack.enter_context(connect(server, 4096)) for _ in range(5)]
        for reader in readers:
            reader.sendall(QUERY)
        deadline = time.monotonic() + ALLOWED_S
        while any(map(is_open, readers)):
            assert time.monotonic() < deadline, "it waits for a reader that takes nothing"
            time.sleep(0.1)
    assert server.get("/ready") == (200, "ready\n")


def is_open(connection: socket.socket) -> bool:
    """Whether the other side still waits, without taking anything from it."""
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1


def test_a_slow_reader_that_goes_on_reading_gets_everything(server: Running) -> None:
    with connect(server, 65_536) as connection:
        connection.sendall(QUERY)
        received = 0
        began_s = time.monotonic()
        while received < LINES * len(LINE):
            piece = connection.recv(200_000)
            assert piece, f"cut off after {received} bytes"
            received += len(piece)
            if time.monotonic() - began_s < 4 * DEADLINE_S:
                time.sleep(0.05)
        assert time.monotonic() - began_s > DEADLINE_S


def test_who_waits_longest_makes_room(server: Running) -> None:
    with ExitStack() as stack:
        for _ in range(3 * CONNECTIONS_MAX):
            connection = stack.enter_context(connect(server))
            connection.sendall(b"GET /re")
        assert server.get("/ready") == (200, "ready\n")
        files = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
        assert files < 3 * CONNECTIONS_MAX


def test_many_large_bodies_at_once_are_refused_and_small_ones_are_not(server: Running) -> None:
    size = 900_000
    head = f"POST {PUSH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {size + 1}\r\n\r\n"
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(server)) for _ in range(4)]
        for connection in connections:
            with suppress(OSError):
                connection.sendall(head.encode() + b" " * size)
        assert push(server, 10).startswith(b"HTTP/1.1 204")
        answers = []
        for connection in connections:
            with suppress(OSError):
                answers.append(connection.recv(100)[:12])
    assert b"HTTP/1.1 503" in answers
    assert set(answers) <= {b"HTTP/1.1 503", b"HTTP/1.1 408", b""}
    time.sleep(0.1)
    assert push(server, 200).startswith(b"HTTP/1.1 204")
