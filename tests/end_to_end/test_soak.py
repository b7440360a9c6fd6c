"""What a soak judges, and a short one; ``scripts/soak`` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.soak import grows, soak

MB = 1 << 20


@pytest.mark.parametrize(
    ("samples", "grown"),
    [
        ([], False),
        ([50 * MB], False),
        ([50 * MB] * 100, False),
        ([20 * MB, 40 * MB] + [50 * MB] * 98, False),
        ([50 * MB + MB * (number % 7) for number in range(400)], False),
        ([50 * MB + number * MB // 10 for number in range(100)], True),
        ([50 * MB] * 50 + [60 * MB] * 50, True),
        ([50 * MB] * 99 + [90 * MB], False),
    ],
)
def test_growth_is_told_from_warming_up_and_from_peaks(samples: list[int], grown: bool) -> None:
    assert grows(samples) is grown


@pytest.mark.slow
def test_an_agent_at_five_thousand_lines_a_second_stays_small(tmp_path: Path) -> None:
    soaked = soak(tmp_path, 0.08, 5000)
    assert (soaked.outcome.lost, soaked.outcome.doubled) == (0, 0)
    assert soaked.outcome.written >= 20_000
    assert soaked.peak_bytes < 100e6
