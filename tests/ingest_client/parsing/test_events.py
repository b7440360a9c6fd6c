"""Words for what a message is about: what must not be mistaken for something worse."""

from __future__ import annotations

import pytest

from ingest_client.parsing.events import event_of, is_benign
from ingest_client.parsing.phases import phase_of


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ("Skipping tactic 4 due to insufficient memory on requested size of 66048", "workspace"),
        ("Device memory is insufficient to use tactic.", "workspace"),
        ("Error Code 2: OutOfMemory (no further information)", "oom"),
        ("CUDA error 700 launching __myl kernel", "cuda_error"),
        ("Using default stream in enqueueV3() may lead to performance issues", "perf"),
        ("a memory of a summer", "memory"),
        ("nothing of note", None),
    ],
)
def test_events(message: str, event: str | None) -> None:
    assert event_of(message) == event


def test_attempts_of_the_builder_are_benign() -> None:
    assert is_benign("Skipping tactic 4 due to insufficient memory")
    assert is_benign("getPluginCreator could not find plugin OneHot version 1")
    assert not is_benign("Error Code 2: OutOfMemory (no further information)")


@pytest.mark.parametrize(
    ("message", "phase"),
    [
        ("Starting Calibration.", "calibrate"),
        ("Engine generation completed in 273.487 seconds.", "serialize"),
        ("Loaded engine size: 34 MiB", "deserialize"),
        ("IExecutionContext::enqueueV3: Error Code 1", "enqueue"),
        ("hello", None),
    ],
)
def test_phases(message: str, phase: str | None) -> None:
    assert phase_of(message) == phase
