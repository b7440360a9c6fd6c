"""Pushes prepared bodies over keep-alive connections, in order, from one or more senders."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.connection import Connection, ServerRefused

__all__ = ["PushTarget", "Pushed", "push_all"]

HEADERS = {"Content-Type": "application/x-protobuf"}
RETRY_DELAY_S = 0.2
MAX_RETRIES = 300


@dataclass(frozen=True, slots=True)
class PushTarget:
    url: str
    path: str = "/loki/api/v1/push"
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Pushed:
    """``elapsed_s`` from first request to last answer; ``latencies_s`` one a request; ``retries`` after a 429."""

    elapsed_s: float
    latencies_s: Sequence[float]
    retries: int


class _Queue:
    """Bodies handed out in order to whichever sender is free."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._bodies = iter(bodies)
        self._lock = threading.Lock()

    def take(self) -> bytes | None:
        with self._lock:
            return next(self._bodies, None)


def push_all(target: PushTarget, bodies: Sequence[bytes], senders: int) -> Pushed:
    """Raises ServerRefused for an answer other than 2xx and 429; a 429 is sent again."""
    queue = _Queue(bodies)
    started = time.perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        results = [future.result() for future in [pool.submit(_send_from, target, queue) for _ in range(senders)]]
    elapsed_s = time.perf_counter() - started
    latencies_s = [latency for latencies, _ in results for latency in latencies]
    return Pushed(elapsed_s, latencies_s, sum(retries for _, retries in results))


def _send_from(target: PushTarget, queue: _Queue) -> tuple[list[float], int]:
    latencies_s: list[float] = []
    retries = 0
    with Connection(target.url, target.tenant) as connection:
        while (body := queue.take()) is not None:
            started = time.perf_counter()
            retries += _send_one(connection, target.path, body)
            latencies_s.append(time.perf_counter() - started)
    return latencies_s, retries


def _send_one(connection: Connection, path: str, body: bytes) -> int:
    """How often the server asked to send it again later."""
    for retries in range(MAX_RETRIES):
        try:
            connection.send("POST", path, body, HEADERS)
        except ServerRefused as refused:
            if refused.status != 429:
                raise
            time.sleep(RETRY_DELAY_S)
        else:
            return retries
    raise ServerRefused(429, f"still refused after {MAX_RETRIES} tries: raise the ingestion limits of the server")
