"""A real pre-forking server, gunicorn: workers that log, die and are replaced, and not one line lost or doubled."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.server_process import free_port
from tests.ingest_client.receiver import Receiver, receiving

APPLICATION = """
import logging, os, signal, threading
from ingest_client import ClientSettings, PushClient, SkaldlogHandler

settings = ClientSettings(url=os.environ["URL"], directory=os.environ["STATE"], batch_wait_s=0.05)
client = PushClient(settings, {"job": "web"})
logger = logging.getLogger("web")
logger.addHandler(SkaldlogHandler(client=client))
logger.setLevel(logging.INFO)
client.push("loaded by %d" % os.getpid())

def application(environ, start_response):
    path = environ["PATH_INFO"]
    logger.info("%s", path)
    if "exit" in path:
        os._exit(1)
    if "kill" in path:
        os.kill(os.getpid(), signal.SIGKILL)
    threads = [thread.name for thread in threading.enumerate()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {len(threads)}".encode()]
"""


def ask(port: int, path: str) -> str | None:
    """What a worker answers; None when it died of the question or nobody listens yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def serve(folder: Path, receiver: Receiver, port: int, preloads: bool) -> tuple[subprocess.Popen[bytes], Path]:
    (folder / "application.py").write_text(textwrap.dedent(APPLICATION))
    options = ["--workers", "2", "--bind", f"127.0.0.1:{port}", "--chdir", str(folder), "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", *options, *(["--preload"] if preloads else []), "application"]
    environment = {**os.environ, "URL": receiver.url, "STATE": str(folder / "state"), "PYTHONPATH": os.getcwd()}
    log = folder / "log"
    with log.open("w") as file:
        process = subprocess.Popen(command, env=environment, stderr=file)
    deadline_s = time.monotonic() + 20
    while ask(port, "/ready") is None:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline_s, log.read_text()
        time.sleep(0.02)
    return process, log


@pytest.mark.parametrize("preloads", [False, True], ids=["each worker loads", "loaded before the fork"])
def test_lines_of_workers_arrive_once_however_the_workers_end(tmp_path: Path, preloads: bool) -> None:
    port = free_port()
    with receiving() as receiver:
        server, log = serve(tmp_path, receiver, port, preloads)
        asked = []
        answers = []
        for number in range(40):
            path = {13: "/exit", 26: "/kill"}.get(number, f"/{number}")
            asked.append(path)
            answer = ask(port, path)
            assert (answer is None) == (path in ("/exit", "/kill"))
            answers.append(answer)
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0, log.read_text()
        told = [answer.split() for answer in answers if answer]
        # The sender and gunicorn's own threads, but none for each line or client of the parent.
        assert {int(threads) for _, threads in told} <= {1, 2, 3}
        deadline_s = time.monotonic() + 5
        while len(list((tmp_path / "state").iterdir())) and time.monotonic() < deadline_s:
            start_again(tmp_path, receiver)
        assert list((tmp_path / "state").iterdir()) == []
        arrived = Counter(line for _, line in {(value[0], value[1]) for value in receiver.values})
        loaded = {int(line.split()[-1]) for line in arrived if line.startswith("loaded by ")}
        assert loaded == {server.pid} if preloads else loaded >= {int(worker) for worker, _ in told}
        assert {line: count for line, count in arrived.items() if line[1:] != "ready" and line[0] == "/"} == Counter(
            asked
        )


def start_again(folder: Path, receiver: Receiver) -> None:
    """The next process of the service takes up what the killed ones left."""
    program = "import os; from ingest_client import *; settings = ClientSettings(url=os.environ['URL'], "
    program += "directory=os.environ['STATE']); PushClient(settings, {'job': 'web'}).close(5)"
    environment = {**os.environ, "URL": receiver.url, "STATE": str(folder / "state")}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=30)
