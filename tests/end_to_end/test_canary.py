"""The canary sings beside a good server and falls silent beside a bad one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.end_to_end.conftest import ServerMaker
from tests.end_to_end.server_process import ServerProcess, free_port
from tests.logctl.recorded import ROOT, logctl


def _canary(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return logctl("canary", "--addr", url, "-o", "json", "--query-interval", "300ms", *arguments)


@contextmanager
def _forgetful() -> Iterator[str]:
    """A server that acknowledges every push and finds nothing."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()

        def do_GET(self) -> None:
            body = b'{"status":"success","data":{"resultType":"streams","result":[]}}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_nothing_is_lost_by_a_good_server(server: ServerProcess) -> None:
    run = _canary(server.url, "--for", "2s", "--interval", "20ms")
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout)
    assert found["written"] > 10
    for reader in ("query", "tail"):
        assert found["readers"][reader]["seen"] == found["written"]
    assert found["readers"]["query"]["late"] == 0, "an acknowledged line was not in the next answer"


def test_a_server_that_forgets_is_told(tmp_path: object) -> None:
    with _forgetful() as url:
        run = _canary(url, "--no-tail", "--for", "300ms", "--interval", "100ms", "--wait", "500ms")
    assert run.returncode == 1
    found = json.loads(run.stdout)
    assert found["readers"]["query"]["missing"] == found["written"] > 0


def test_a_restart_loses_nothing(make_server: ServerMaker) -> None:
    server = make_server()
    command = [sys.executable, "-m", "logctl", "canary", "--addr", server.url, "-o", "json"]
    options = ["--interval", "50ms", "--query-interval", "500ms", "--listen", f"127.0.0.1:{(port := free_port())}"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as canary:
        try:
            _until_written(port, 10)
            server.kill()
            server.start()
            _until_written(port, 30)
            # What is owed is asked for in the next rounds.
            time.sleep(1.5)
            assert b"refused_entries_total 0\n" in _metrics(port)
            assert b"loki_canary_missing_entries_total 0\n" in _metrics(port)
        finally:
            canary.send_signal(signal.SIGTERM)
            output, _ = canary.communicate(timeout=20)
    found = json.loads(output)
    assert canary.returncode == 0, output
    assert found["written"] >= 30


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["--for", "soon"], 2, "duration 'soon'"),
        (["--interval", "0s"], 2, "duration '0s' must be more than 0"),
        (["--listen", "here"], 2, "write it as 127.0.0.1:3500"),
        (["--size", "0"], 2, "--size must be at least 1"),
        (["--label", "x"], 2, "write it as name=value"),
    ],
)
def test_wrong_usage(arguments: list[str], status: int, text: str) -> None:
    run = logctl("canary", "--addr", "http://127.0.0.1:9", "--no-tail", *arguments)
    assert run.returncode == status
    assert text in run.stderr


def test_a_server_that_is_not_there_is_told() -> None:
    run = logctl("canary", "--addr", "http://127.0.0.1:9", "--no-tail", "--for", "100ms", "--wait", "100ms")
    assert run.returncode == 1
    assert "does not answer: Connection refused" in run.stderr
    assert "0 lines written" in run.stdout


def _metrics(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return bytes(answer.read())


def _written(port: int) -> int:
    try:
        lines = _metrics(port).decode().splitlines()
    except OSError:
        return -1
    return next(int(line.split()[1]) for line in lines if line.startswith("loki_canary_entries_total "))


def _until_written(port: int, count: int) -> None:
    deadline = time.monotonic() + 30
    while _written(port) < count:
        assert time.monotonic() < deadline, f"not {count} lines in time"
        time.sleep(0.1)
