"""Timestamps of a stream."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest_client.entries.entry import Stream


@given(st.lists(st.integers(0, 1_000_000_000 - 200), max_size=100))
def test_captures_within_a_second_get_strictly_growing_stamps(captured: list[int]) -> None:
    stream = Stream(())
    stamps = [stream.stamp(ts_ns) for ts_ns in captured]
    assert all(earlier < later for earlier, later in pairwise(stamps))
    assert all(stamp >= ts_ns for stamp, ts_ns in zip(stamps, captured, strict=True))


def test_a_clock_that_was_set_back_is_believed() -> None:
    stream = Stream(())
    assert [stream.stamp(ts_ns) for ts_ns in (10**18, 10**17, 10**17)] == [10**18, 10**17, 10**17 + 1]
