"""The real server as a child process that can be stopped, killed and started again over the same data."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.end_to_end.http_client import HttpClient

__all__ = ["ServerProcess", "free_port"]

LOGCTL = Path(sys.executable).with_name("logctl")
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """``logctl serve`` on a port of its own, its data and its log in ``folder``."""

    def __init__(self, folder: Path, settings: Mapping[str, Any] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.address}"
        self._config = folder / "skaldlog.yaml"
        self._config.write_text(yaml.safe_dump(dict(settings or {})))
        self._process: subprocess.Popen[bytes] | None = None

    def client(self, tenant: str | None = None) -> HttpClient:
        return HttpClient(self.url, {"X-Scope-OrgID": tenant} if tenant else None)

    def start(self) -> None:
        """Start and wait until the server is ready. Raises AssertionError with the server's log when it is not."""
        assert self._process is None, "the server runs already"
        command = [str(LOGCTL), "serve", "--listen", self.address, "--data", str(self.data)]
        # Variables of the tests themselves, which a server would refuse.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SKALDLOG_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--config", str(self._config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._is_ready():
            assert self._process.poll() is None, f"the server ended at start:\n{self.log_tail()}"
            assert time.monotonic() < deadline, f"not ready after {START_TIMEOUT_S:.0f} s:\n{self.log_tail()}"
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask the server to stop and answer its exit status."""
        process = self._process
        assert process is not None, "the server does not run"
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop within {STOP_TIMEOUT_S:.0f} s:\n{self.log_tail()}") from None
        finally:
            self._process = None

    def kill(self) -> None:
        """SIGKILL: what is not on disk is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def log_tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _is_ready(self) -> bool:
        try:
            return self.client().get("/ready").status == 200
        except (OSError, http.client.HTTPException):
            return False
