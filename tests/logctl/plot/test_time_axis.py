"""Times below a chart."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from logctl.plot.time_axis import moment_text, span_text, time_form

T0_MS = 1_795_168_800_000


@pytest.mark.parametrize(
    ("span_ms", "text"),
    [
        (0, "10:00:00.042"),
        (9_999, "10:00:00.042"),
        (10_000, "10:00:00"),
        (7_200_000, "10:00"),
        (86_400_000, "11-20 10:00"),
        (10**12, "11-20 10:00"),
    ],
)
def test_the_form_follows_the_span(span_ms: int, text: str) -> None:
    assert moment_text(T0_MS + 42, time_form(span_ms), UTC) == text


def test_moments_before_the_epoch_have_positive_fractions() -> None:
    assert moment_text(-1, "%H:%M:%S.%f", UTC) == "23:59:59.999"


def test_a_span_names_its_zone() -> None:
    assert span_text(T0_MS, T0_MS, UTC) == "2026-11-20 10:00:00 +0000"
    assert span_text(T0_MS, T0_MS + 1000, ZoneInfo("Asia/Tokyo")) == (
        "2026-11-20 19:00:00 +0900 to 2026-11-20 19:00:01 +0900"
    )
