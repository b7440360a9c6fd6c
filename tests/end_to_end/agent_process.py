"""The real agent as a child process that can be stopped, killed and started again over the same folder."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.end_to_end.server_process import LOGCTL

__all__ = ["AgentProcess"]

_TICKS = os.sysconf("SC_CLK_TCK")


class AgentProcess:
    """``logctl agent`` over ``config``. ``cpu_s`` and ``peak_rss_bytes`` are those of all its lives."""

    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "agent.log"
        self._config = folder / "agent.yaml"
        self._config.write_text(yaml.safe_dump(dict(config), sort_keys=False))
        self._process: subprocess.Popen[bytes] | None = None
        self._cpu_s = self._life_s = 0.0
        self._peak_bytes = 0

    def start(self) -> None:
        """Start; it reads soon."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(LOGCTL), "agent", "--config", str(self._config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._end_of_life()
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> int:
        """Ask it to end; the exit status."""
        assert self._process is not None
        self._end_of_life()
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(30)
        finally:
            self._process = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def cpu_s(self) -> float:
        self._measure()
        return self._cpu_s + self._life_s

    @property
    def resident_bytes(self) -> int:
        """What it has in memory now."""
        assert self._process is not None
        return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def peak_rss_bytes(self) -> int:
        self._measure()
        return self._peak_bytes

    def _end_of_life(self) -> None:
        self._measure()
        self._cpu_s, self._life_s = self._cpu_s + self._life_s, 0.0

    def _measure(self) -> None:
        if self._process is None:
            return
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except (OSError, IndexError):
            return
        self._life_s = (int(fields[11]) + int(fields[12])) / _TICKS
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self._peak_bytes = max(self._peak_bytes, int(line.split()[1]) * 1024)

    def await_text(self, text: str, timeout_s: float = 20.0) -> None:
        """Wait for a line of its log."""
        deadline_s = time.monotonic() + timeout_s
        while text not in self.log.read_text(errors="replace"):
            assert time.monotonic() < deadline_s, self.log.read_text(errors="replace")
            time.sleep(0.05)
