"""The server as the operating system sees it: CPU time, memory and disk of its process and the children of it."""

from __future__ import annotations

import threading
import time
import urllib.parse
from pathlib import Path

import psutil

__all__ = ["ServerProcess", "disk_bytes", "listening_pid"]

SAMPLE_INTERVAL_S = 0.05


def listening_pid(url: str) -> int | None:
    """The process that listens on the port of ``url`` on this machine, if it can be seen."""
    port = urllib.parse.urlsplit(url).port or 80
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return None
    for each in connections:
        # Only a socket that is bound to nothing has an empty address.
        if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port and each.pid:
            return each.pid
    return None


def disk_bytes(folder: Path) -> int:
    """The size of all files below ``folder``; files that vanish meanwhile count as nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


class ServerProcess:
    """A process tree; inside ``with`` its memory is sampled, so that a peak can be told."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._peak_bytes = 0
        self._stop = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> ServerProcess:
        self._sampler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._sampler.join()

    @property
    def cpu_s(self) -> float:
        """User and system time of the tree, children that ended included."""
        total = 0.0
        for process in self._tree():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
            total += times.children_user + times.children_system
        return total

    @property
    def rss_bytes(self) -> int:
        total = 0
        for process in self._tree():
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total

    def take_peak_bytes(self) -> int:
        """The highest memory seen since the last call."""
        peak, self._peak_bytes = max(self._peak_bytes, self.rss_bytes), 0
        return peak

    def settle(self, timeout_s: float, busy_share: float = 0.05) -> bool:
        """Wait until the server is at rest (compiling, flushing and merging done); False when it never was."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            before = self.cpu_s
            time.sleep(1.0)
            if self.cpu_s - before <= busy_share:
                return True
        return False

    def _tree(self) -> list[psutil.Process]:
        return [self._root, *self._root.children(recursive=True)]

    def _sample(self) -> None:
        while not self._stop.wait(SAMPLE_INTERVAL_S):
            try:
                self._peak_bytes = max(self._peak_bytes, self.rss_bytes)
            except psutil.NoSuchProcess:
                return
