"""The ingestion rate of each tenant: a bucket of bytes that fills with time. A request is taken or refused whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from server.limits import PushLimits
from server.push.errors import PushError

__all__ = ["RateLimiter"]

_MIB = 1 << 20
_TENANTS_MAX = 10_000


@dataclass(slots=True)
class _Bucket:
    bytes_left: float
    filled_at_s: float


class RateLimiter:
    """``clock`` tells seconds that never run backwards. Safe to call from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def check(self, tenant: str, limits: PushLimits, lines: int, size_bytes: int) -> PushError | None:
        """Take ``size_bytes`` from the tenant's bucket, or answer the refusal and take nothing."""
        rate, burst = limits.ingestion_rate_mb * _MIB, limits.ingestion_burst_size_mb * _MIB
        with self._lock:
            bucket = self._filled(tenant, rate, burst)
            if size_bytes <= bucket.bytes_left:
                bucket.bytes_left -= size_bytes
                return None
        return PushError(
            429,
            f"ingestion rate limit exceeded for user {tenant} (limit: {int(rate)} bytes/sec) while attempting to "
            f"ingest '{lines}' lines totaling '{size_bytes}' bytes, reduce log volume or contact your Loki "
            "administrator to see if the limit can be increased",
        )

    def _filled(self, tenant: str, rate: float, burst: float) -> _Bucket:
        now_s = self._clock()
        bucket = self._buckets.pop(tenant, None) or _Bucket(burst, now_s)
        bucket.bytes_left = min(burst, bucket.bytes_left + rate * (now_s - bucket.filled_at_s))
        bucket.filled_at_s = now_s
        self._buckets[tenant] = bucket
        if len(self._buckets) > _TENANTS_MAX:
            # The tenant silent for longest: its bucket has had most time to fill.
            del self._buckets[next(iter(self._buckets))]
        return bucket
