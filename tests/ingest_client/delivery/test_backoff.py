"""Delays between tries."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_client.delivery.backoff import Backoff, parse_retry_after


@given(st.lists(st.floats(0, 0.999), min_size=1, max_size=80))
def test_delays_stay_under_a_doubling_ceiling_and_the_cap(randoms: list[float]) -> None:
    draws = iter(randoms)
    backoff = Backoff(0.5, 60.0, lambda: next(draws))
    for failure, random in enumerate(randoms):
        assert backoff.next_delay_s() == pytest.approx(random * min(60.0, 0.5 * 2.0 ** min(failure, 60)))


def test_success_starts_over() -> None:
    backoff = Backoff(0.5, 60.0, lambda: 1.0)
    assert [backoff.next_delay_s() for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    backoff.reset()
    assert backoff.next_delay_s() == 0.5


def test_the_servers_wish_is_never_undercut() -> None:
    assert Backoff(0.5, 60.0, lambda: 0.0).next_delay_s(at_least_s=7.0) == 7.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0.0),
        ("", 0.0),
        ("7", 7.0),
        (" 120 ", 120.0),
        (formatdate(1_000_030, usegmt=True), 30.0),
        (formatdate(999_000, usegmt=True), 0.0),
        ("-1", 0.0),
        ("1.5", 0.0),
        ("soon", 0.0),
        ("²", 0.0),
        ("Wed, 99 Foo 2026 99:99:99 GMT", 0.0),
    ],
)
def test_retry_after_reads_seconds_and_dates_and_forgives_the_rest(header: str | None, seconds: float) -> None:
    assert parse_retry_after(header, now_s=lambda: 1_000_000.0) == seconds
