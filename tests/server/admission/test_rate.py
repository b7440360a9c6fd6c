"""The bucket of each tenant."""

from __future__ import annotations

from server.admission.rate import RateLimiter
from server.limits import PushLimits


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


MIB = 1 << 20
LIMITS = PushLimits(ingestion_rate_mb=1.0, ingestion_burst_size_mb=2.0)


def test_a_burst_is_taken_then_the_rate() -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    assert limiter.check("t", LIMITS, 1, 2 * MIB) is None
    assert limiter.check("t", LIMITS, 1, 1) is not None
    clock.now_s += 0.5
    assert limiter.check("t", LIMITS, 1, MIB // 2) is None
    assert limiter.check("t", LIMITS, 1, MIB // 2) is not None


def test_a_refusal_takes_nothing() -> None:
    limiter = RateLimiter(Clock())
    assert limiter.check("t", LIMITS, 1, 2 * MIB + 1) is not None
    assert limiter.check("t", LIMITS, 1, 2 * MIB) is None


def test_more_than_a_burst_is_never_taken_however_long_the_silence() -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    clock.now_s += 1e6
    assert limiter.check("t", LIMITS, 1, 2 * MIB + 1) is not None


def test_tenants_do_not_share() -> None:
    limiter = RateLimiter(Clock())
    assert limiter.check("a", LIMITS, 1, 2 * MIB) is None
    assert limiter.check("b", LIMITS, 1, 2 * MIB) is None


def test_nothing_is_always_taken() -> None:
    limiter = RateLimiter(Clock())
    assert limiter.check("t", LIMITS, 1, 2 * MIB) is None
    assert limiter.check("t", LIMITS, 0, 0) is None


def test_the_refusal_names_tenant_limit_and_size() -> None:
    ruling = RateLimiter(Clock()).check(
        "t1", PushLimits(ingestion_rate_mb=0.002, ingestion_burst_size_mb=0.002), 40, 6000
    )
    assert ruling is not None
    assert ruling.refusal is not None
    assert (ruling.kept, ruling.reason, ruling.refusal.status) == (None, "rate_limited", 429)
    assert ruling.refusal.text == (
        "ingestion rate limit exceeded for user t1 (limit: 2097 bytes/sec) while attempting to ingest '40' lines "
        "totaling '6000' bytes, reduce log volume or contact your Loki administrator "
        "to see if the limit can be increased"
    )


def test_many_tenants_do_not_fill_the_memory() -> None:
    limiter = RateLimiter(Clock())
    assert limiter.check("first", LIMITS, 1, 2 * MIB) is None
    for index in range(10_000):
        limiter.check(f"tenant{index}", LIMITS, 1, 1)
    assert limiter.check("first", LIMITS, 1, 2 * MIB) is None
