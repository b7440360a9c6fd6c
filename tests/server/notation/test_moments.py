"""Moments as texts."""

from __future__ import annotations

import pytest

from server.notation.moments import format_moment, go_time


@pytest.mark.parametrize(
    ("ts_ns", "text"),
    [
        (0, "1970-01-01 00:00:00 +0000 UTC"),
        (1_795_362_512_083_054_044, "2026-11-22 15:48:32.083054044 +0000 UTC"),
        (1_795_362_512_500_000_000, "2026-11-22 15:48:32.5 +0000 UTC"),
        (-1, "1969-12-31 23:59:59.999999999 +0000 UTC"),
    ],
)
def test_times_as_go_prints_them(ts_ns: int, text: str) -> None:
    assert go_time(ts_ns) == text


def test_moments_are_whole_seconds_in_utc() -> None:
    assert format_moment(1_767_225_600) == "2026-01-01T00:00:00Z"
