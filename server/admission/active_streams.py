"""Streams that a tenant keeps busy: ``max_global_streams_per_user``. One is active for an hour after a push."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from server.admission.ruling import Ruling
from server.push.errors import PushError, Reason
from storage.batch import Batch
from storage.labels import Labels

__all__ = ["IDLE_S", "ActiveStreams"]

IDLE_S = 3600.0


def _text(tenant: str, stream: Labels) -> str:
    return (
        f"maximum active stream limit exceeded when trying to create stream {stream.text}, reduce the number of "
        "active streams (reduce labels or reduce label values), or contact your Loki administrator to see if the "
        f"limit can be increased, user: '{tenant}'"
    )


class ActiveStreams:
    """``clock`` tells seconds that never run backwards. Safe to call from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        # Hashes of streams with the time of their last push, the longest idle first.
        self._last_push_s: dict[str, dict[int, float]] = {}

    def counts(self) -> Mapping[str, int]:
        """How many streams of each tenant are active."""
        with self._lock:
            for active in self._last_push_s.values():
                _forget_idle(active, self._clock() - IDLE_S)
            return {tenant: len(active) for tenant, active in self._last_push_s.items()}

    def check(self, tenant: str, batch: Batch, limit: int) -> Ruling | None:
        """The rows of streams that may not be written to are refused; the text names the last of these."""
        is_admitted = self.admit(tenant, batch.streams, limit)
        if is_admitted.all():
            return None
        last = batch.streams[int(np.flatnonzero(~is_admitted)[-1])]
        return Ruling(Reason.STREAM_LIMIT, PushError(429, _text(tenant, last)), is_admitted[batch.stream])

    def admit(self, tenant: str, streams: Sequence[Labels], limit: int) -> NDArray[np.bool_]:
        """For each stream whether it may be written to; a limit of 0 admits all."""
        if not limit:
            return np.ones(len(streams), np.bool_)
        now_s = self._clock()
        with self._lock:
            active = self._last_push_s.setdefault(tenant, {})
            _forget_idle(active, now_s - IDLE_S)
            return np.array([_admit(active, stream.hash64, now_s, limit) for stream in streams], np.bool_)


def _admit(active: dict[int, float], stream: int, now_s: float, limit: int) -> bool:
    if active.pop(stream, None) is None and len(active) >= limit:
        return False
    active[stream] = now_s
    return True


def _forget_idle(active: dict[int, float], before_s: float) -> None:
    while active:
        oldest = next(iter(active))
        if active[oldest] >= before_s:
            return
        del active[oldest]
