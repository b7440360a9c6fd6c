"""Senders that never pause, for a while: how much was acknowledged, how much refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.connection import Connection, ServerRefused
from benchmarks.pushing import HEADERS, PushTarget

__all__ = ["Phase", "send_for"]

_RETRYABLE = (429, 503)


@dataclass(frozen=True, slots=True)
class Phase:
    """``slowest_s`` is the longest that a sender waited for one answer."""

    senders: int
    elapsed_s: float
    acknowledged: int
    refused: int
    slowest_s: float

    @property
    def rate(self) -> float:
        """Acknowledged requests a second."""
        return self.acknowledged / self.elapsed_s


class _Bodies:
    """Each is sent until it is acknowledged, and then never again: a repeated body would be all duplicates."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._bodies = iter(bodies)
        self._lock = threading.Lock()

    def take(self) -> bytes:
        """Raises StopIteration when there are none left."""
        with self._lock:
            return next(self._bodies)


def send_for(target: PushTarget, bodies: Sequence[bytes], senders: int, seconds: float) -> Phase:
    """Raises ValueError when there are not bodies enough."""
    queue, deadline = _Bodies(bodies), time.perf_counter() + seconds
    began = time.perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        sent = [future.result() for future in [pool.submit(_send, target, queue, deadline) for _ in range(senders)]]
    elapsed_s = time.perf_counter() - began
    return Phase(
        senders, elapsed_s, sum(each[0] for each in sent), sum(each[1] for each in sent), max(each[2] for each in sent)
    )


def _send(target: PushTarget, queue: _Bodies, deadline: float) -> tuple[int, int, float]:
    acknowledged = refused = 0
    slowest_s = 0.0
    with Connection(target.url, target.tenant) as connection:
        while time.perf_counter() < deadline:
            try:
                body = queue.take()
            except StopIteration:
                raise ValueError("too few bodies were prepared for so much time") from None
            is_taken = False
            while not is_taken and time.perf_counter() < deadline:
                began = time.perf_counter()
                is_taken = _is_taken(connection, target, body)
                slowest_s = max(slowest_s, time.perf_counter() - began)
                refused += not is_taken
            acknowledged += is_taken
    return acknowledged, refused, slowest_s


def _is_taken(connection: Connection, target: PushTarget, body: bytes) -> bool:
    try:
        connection.send("POST", target.path, body, HEADERS)
    except ServerRefused as refused:
        if refused.status not in _RETRYABLE:
            raise
        return False
    return True
