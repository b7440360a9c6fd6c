"""A server that answers from a table of recorded answers, and the ``logctl`` program asking it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = str(Path(__file__).parents[2])


@dataclass(frozen=True)
class Asked:
    """One request: path, parameters (first values), headers and body."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


Answering = Callable[[Asked], tuple[int, str]]


@dataclass
class Recorded:
    """A running server with the requests it got."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run logctl against this server, standard output a pipe."""
        return logctl(*arguments, stdin=None, LOKI_ADDR=self.url, **variables)


def success(kind: str, result: Any, **more: Any) -> tuple[int, str]:
    """The envelope of a query answer."""
    return 200, json.dumps({"status": "success", "data": {"resultType": kind, "result": result, **more}})


def listing(data: Any) -> tuple[int, str]:
    """The envelope of labels and series."""
    return 200, json.dumps({"status": "success", "data": data})


@contextmanager
def answering(answer: Answering) -> Iterator[Recorded]:
    """Run a server for the length of a with block."""
    recorded = Recorded("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            parameters = {name: values[0] for name, values in parse_qs(url.query).items()}
            asked = Asked(url.path, parameters, dict(self.headers))
            recorded.asked.append(asked)
            status, text = answer(asked)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorded.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield recorded
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def logctl(*arguments: str, stdin: bytes | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program with a clean environment plus ``variables``."""
    run = subprocess.run(
        [sys.executable, "-m", "logctl", *arguments],
        input=stdin or b"",
        capture_output=True,
        env=_environment(variables),
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(run.args, run.returncode, run.stdout.decode(), run.stderr.decode())


def logctl_on_terminal(*arguments: str, **variables: str) -> str:
    """Run the program with a terminal as standard output and return what the terminal got."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "logctl", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=subprocess.DEVNULL,
        env=_environment({"TERM": "xterm", **variables}),
        cwd=ROOT,
    )
    os.close(follower)
    with os.fdopen(leader, "rb", buffering=0) as screen:
        text = b"".join(iter(lambda: _read(screen.fileno()), b""))
    process.wait(timeout=60)
    return text.decode().replace("\r\n", "\n")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux reports the end of a terminal as an error
        return b""


def _environment(variables: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "TZ": "UTC", **variables}
