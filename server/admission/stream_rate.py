"""The rate of each stream: ``per_stream_rate_limit``. Of a stream that is too fast the first rows are taken."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from server.admission.bucket import Buckets
from server.admission.ruling import Ruling
from server.limits import PushLimits
from server.notation.moments import go_time
from server.notation.sizes import format_size
from server.push.errors import PushError, Reason
from storage.batch import Batch

__all__ = ["StreamRates"]

_STREAMS_MAX = 100_000
_ROWS_SHOWN = 10  # of a stream
_STREAMS_SHOWN = 10


class StreamRates:
    """``clock`` tells seconds that never run backwards. Safe to call from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        self._buckets = Buckets[tuple[str, int]](clock, _STREAMS_MAX)

    def check(self, tenant: str, batch: Batch, sizes: NDArray[np.int64], limits: PushLimits) -> Ruling | None:
        """Take the bytes of rows, ``sizes`` (rows,), from the buckets of their streams."""
        if not limits.per_stream_rate_limit:
            return None
        totals = np.bincount(batch.stream, sizes, len(batch.streams)).tolist()
        with self._lock:
            left = [
                self._take(tenant, stream.hash64, int(total), limits)
                for stream, total in zip(batch.streams, totals, strict=True)
            ]
            too_fast = {number: each for number, each in enumerate(left) if each is not None}
            return self._ruling(tenant, batch, sizes, limits, too_fast) if too_fast else None

    def _take(self, tenant: str, stream: int, size_bytes: int, limits: PushLimits) -> float | None:
        """None when all of it was taken, else what is left for some of it."""
        rate, burst = limits.per_stream_rate_limit, limits.per_stream_rate_limit_burst
        bucket = self._buckets.filled((tenant, stream), rate, burst)
        if size_bytes > bucket.bytes_left:
            return bucket.bytes_left
        bucket.bytes_left -= size_bytes
        return None

    def _ruling(
        self,
        tenant: str,
        batch: Batch,
        sizes: NDArray[np.int64],
        limits: PushLimits,
        too_fast: dict[int, float],
    ) -> Ruling:
        kept, texts = np.ones(len(batch), np.bool_), []
        for number, left in too_fast.items():
            rows = np.flatnonzero(batch.stream == number)
            running = np.cumsum(sizes[rows])
            taken = int(np.searchsorted(running, left, "right"))
            if taken:
                self._take(tenant, batch.streams[number].hash64, int(running[taken - 1]), limits)
            kept[rows[taken:]] = False
            texts.append(_text(tenant, batch, number, rows, taken, sizes, limits))
        told = "\n".join(texts[:_STREAMS_SHOWN])
        return Ruling(Reason.STREAM_RATE, PushError(429, told), kept)


def _text(
    tenant: str,
    batch: Batch,
    number: int,
    rows: NDArray[np.intp],
    taken: int,
    sizes: NDArray[np.int64],
    limits: PushLimits,
) -> str:
    stream, rate = batch.streams[number].text, format_size(limits.per_stream_rate_limit)
    reason = f"Per stream rate limit exceeded (limit: {rate}/sec) while attempting to ingest for stream '{stream}'"
    remedy = "consider splitting a stream via additional labels or contact your Loki administrator to see if the limit"
    lines = [
        f"entry with timestamp {go_time(int(batch.ts[row]))} ignored, reason: '{reason} totaling "
        f"{format_size(int(sizes[row]))}, {remedy} can be increased',"
        for row in rows[taken:][:_ROWS_SHOWN].tolist()
    ]
    closing = f"user '{tenant}', total ignored: {len(rows) - taken} out of {len(rows)} for stream: {stream}"
    return "\n".join([*lines, closing])
