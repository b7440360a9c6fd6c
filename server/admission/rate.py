"""The ingestion rate of each tenant: a bucket of bytes that fills with time. A request is taken or refused whole."""

from __future__ import annotations

import threading
from collections.abc import Callable

from server.admission.bucket import Buckets
from server.admission.ruling import Ruling
from server.limits import PushLimits
from server.push.errors import PushError, Reason

__all__ = ["RateLimiter"]

_MIB = 1 << 20
_TENANTS_MAX = 10_000


class RateLimiter:
    """``clock`` tells seconds that never run backwards. Safe to call from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        self._buckets = Buckets[str](clock, _TENANTS_MAX)

    def check(self, tenant: str, limits: PushLimits, lines: int, size_bytes: int) -> Ruling | None:
        """Take ``size_bytes`` from the tenant's bucket, or answer the refusal and take nothing."""
        rate, burst = limits.ingestion_rate_mb * _MIB, limits.ingestion_burst_size_mb * _MIB
        with self._lock:
            bucket = self._buckets.filled(tenant, rate, burst)
            if size_bytes <= bucket.bytes_left:
                bucket.bytes_left -= size_bytes
                return None
        told = (
            f"ingestion rate limit exceeded for user {tenant} (limit: {int(rate)} bytes/sec) while attempting to "
            f"ingest '{lines}' lines totaling '{size_bytes}' bytes, reduce log volume or contact your Loki "
            "administrator to see if the limit can be increased"
        )
        return Ruling(Reason.RATE_LIMITED, PushError(429, told))
