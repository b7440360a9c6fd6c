"""Another tenant, which asks a small question every half second while the others push as much as they can."""

from __future__ import annotations

import threading
import time
import urllib.parse

from benchmarks.connection import Connection, ServerRefused

__all__ = ["Bystander"]

_PAUSE_S = 0.5
_QUESTION = "/loki/api/v1/query_range?" + urllib.parse.urlencode({"query": '{job=~".+"} |= "x"', "limit": "10"})


class Bystander:
    """A context manager; afterwards ``waits_s`` has the time of each answer, and ``failures`` are counted."""

    def __init__(self, url: str, tenant: str) -> None:
        self._url, self._tenant = url, tenant
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.waits_s: list[float] = []
        self.failures = 0

    def __enter__(self) -> Bystander:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        with Connection(self._url, self._tenant) as connection:
            while not self._stop.wait(_PAUSE_S):
                began = time.perf_counter()
                try:
                    connection.send("GET", _QUESTION)
                except (OSError, ServerRefused):
                    self.failures += 1
                self.waits_s.append(time.perf_counter() - began)
