"""The server as a process: what it says when it cannot run, how it starts and stops, how long a URL may be."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.listener.protocol import MAX_HEAD_BYTES

LOGCTL = Path(sys.executable).with_name("logctl")
PATIENCE_S = 30


class Running:
    """A child process whose address is known and which is ready."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def get(self, target: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        connection = self.connection()
        connection.request("GET", target, headers=headers or {})
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer


def serve_command(folder: Path, *flags: str) -> list[str]:
    return [str(LOGCTL), "serve", "--listen", "127.0.0.1:0", "--data", str(folder), *flags]


@contextmanager
def running(folder: Path, *flags: str) -> Iterator[Running]:
    process = subprocess.Popen(serve_command(folder, *flags), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert "listens on http://127.0.0.1:" in line, line
        made = Running(process, int(line.split("http://127.0.0.1:")[1].split(",")[0]))
        deadline = time.monotonic() + PATIENCE_S
        while made.get("/ready")[0] != 200:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield made
    finally:
        process.kill()
        process.wait(PATIENCE_S)
        process.stderr.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("data"), "--set", "server.graceful_shutdown_timeout=5s") as made:
        yield made


@pytest.mark.parametrize("size", [100_000, 900_000])
def test_a_long_query_fits_into_the_url(server: Running, size: int) -> None:
    status, text = server.get(f"/loki/api/v1/format_query?query={'x' * 10}&unused={'y' * size}")
    assert (status, json.loads(text)["status"]) == (400, "invalid-query")


@pytest.mark.parametrize("place", ["url", "header"])
def test_a_head_without_end_is_refused_and_the_server_lives_on(server: Running, place: str) -> None:
    start = "GET /ready?" if place == "url" else "GET /ready HTTP/1.1\r\nlong: "
    head = start + "x" * (MAX_HEAD_BYTES + 1)
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE_S) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
    assert server.get("/ready") == (200, "ready\n")


def test_a_connection_is_kept_and_requests_follow_each_other(server: Running) -> None:
    connection = server.connection()
    for _ in range(3):
        connection.request("GET", "/ready")
        assert connection.getresponse().read() == b"ready\n"
    connection.close()


def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(server: Running) -> None:
    body = json.dumps({"streams": [{"stream": {"a": "b"}, "values": [[str(time.time_ns()), "x"]]}]}).encode()
    head = (
        "POST /loki/api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE_S) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 204 ")


def test_blanks_around_the_value_of_a_header_are_none_of_it(server: Running) -> None:
    connection = server.connection()
    headers = {"Content-Type": "application/json", "Content-Encoding": " \t snappy \t "}
    connection.request("POST", "/loki/api/v1/push", '{"streams":[{"values":[]}]}', headers)
    assert connection.getresponse().status == 204
    connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_in_order_and_nothing_is_lost(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as server:
        connection = server.connection()
        body = json.dumps({"streams": [{"stream": {"app": "kept"}, "values": [[str(time.time_ns()), "x"]]}]})
        connection.request("POST", "/loki/api/v1/push", body, {"Content-Type": "application/json"})
        assert connection.getresponse().status == 204
        server.process.send_signal(number)
        assert server.process.wait(PATIENCE_S) == 0
        connection.close()
    with running(tmp_path) as server:
        assert json.loads(server.get("/loki/api/v1/label/app/values")[1])["data"] == ["kept"]


def refused(*command: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_S, env=os.environ | (environment or {}), check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = refused(str(LOGCTL), "serve", "--listen", f"127.0.0.1:{port}", "--data", str(tmp_path))
    cause = f"cannot listen on 127.0.0.1:{port}: Address already in use: choose another with --listen"
    assert told == f"logctl serve: {cause}\n"


def test_a_data_folder_that_cannot_be_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = refused(*serve_command(tmp_path / "file" / "data"))
    assert told.startswith(f"logctl serve: cannot use the data folder {tmp_path}/file/data: Not a directory")
    assert told.count("\n") == 1


def test_settings_that_cannot_be_are_told_by_name(tmp_path: Path) -> None:
    told = refused(*serve_command(tmp_path, "--set", "auth_enable=true"), environment={"SKALDLOG_AUTH_ENABLED": "x"})
    assert told.splitlines() == [
        "environment: SKALDLOG_AUTH_ENABLED (auth_enabled): 'x' is neither true nor false",
        "--set: auth_enable: unknown setting; did you mean auth_enabled?",
    ]
