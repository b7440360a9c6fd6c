"""``timestamp``."""

from __future__ import annotations

import pytest

from tests.ingest_client.agent.stages.running import NOW_NS, mistakes, run

REGEX = r"{regex: {expression: '^(?P<time>\S+)'}}"
SECOND_NS = 1_000_000_000


def times(options: str, *lines: str) -> list[int]:
    return [row.ts_ns for row in run(f"[{REGEX}, {{timestamp: {{source: time, {options}}}}}]", *lines)]


def test_a_layout_gives_the_time() -> None:
    assert times("format: RFC3339", "2024-05-20T20:03:26Z x") == [1_716_235_406 * SECOND_NS]
    assert times("format: '01/02/2006-15:04:05', location: Europe/Berlin", "05/20/2024-22:03:26") == [
        1_716_235_406 * SECOND_NS
    ]


def test_fallback_formats_are_tried_in_order() -> None:
    assert times("format: RFC3339, fallback_formats: [Unix, UnixMs]", "1716235406") == [1_716_235_406 * SECOND_NS]


def test_a_failure_is_the_last_good_time_and_a_nanosecond() -> None:
    assert times("format: Unix", "5", "bad", "worse", "7") == [
        5 * SECOND_NS,
        5 * SECOND_NS + 1,
        5 * SECOND_NS + 2,
        7 * SECOND_NS,
    ]


def test_a_failure_without_a_good_time_keeps_that_of_reading() -> None:
    assert times("format: Unix", "bad") == [NOW_NS]
    assert times("format: Unix, action_on_failure: skip", "5", "bad") == [5 * SECOND_NS, NOW_NS + 1]


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ("{source: a}", "format: this key is needed"),
        ("{format: Unix}", "source: this key is needed"),
        ("{source: a, format: nonsense}", "no part of a time"),
        ("{source: a, format: Unix, location: Mars/Base}", "no time zone"),
        ("{source: a, format: Unix, action_on_failure: cry}", "fudge or skip"),
    ],
)
def test_mistakes(options: str, cause: str) -> None:
    assert cause in "\n".join(mistakes(f"[{{timestamp: {options}}}]"))
