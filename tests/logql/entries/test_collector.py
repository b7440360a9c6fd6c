"""The best rows of all frames, and the ties of the last of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.entries.collector import EntryCollector
from logql.requests import Direction
from storage.labels import Labels
from tests.logql.frames import frame_of_entries
from tests.storage.entries import Entry

FRAMES = st.lists(st.lists(st.integers(-3, 9), min_size=1, max_size=6), max_size=8)
DIRECTIONS = st.sampled_from(list(Direction))


def collected(
    frames: list[list[int]], limit: int | None, direction: Direction, prunes: bool
) -> list[tuple[int, int, int]]:
    """(rank, order, row) of what is left, sorted; ``prunes``: frames go the way of a query."""
    sign = 1 if direction is Direction.FORWARD else -1
    collector = EntryCollector(limit, direction)
    for order, times in enumerate(frames):
        if prunes and not collector.worth_reading(min(times), max(times)):
            continue
        frame = frame_of_entries([Entry(Labels({}), ts, f"{order}/{row}") for row, ts in enumerate(times)])
        collector.add(order, collector.candidates(frame) if prunes else frame)
    return sorted(
        (sign * ts, order, row)
        for order, frame in collector.frames()
        for ts, row in zip(frame.ts().tolist(), frame.rows.tolist(), strict=True)
    )


@given(frames=FRAMES, limit=st.none() | st.integers(1, 8), direction=DIRECTIONS, prunes=st.booleans())
def test_what_is_left_are_the_best_rows_and_the_ties_of_the_last(
    frames: list[list[int]], limit: int | None, direction: Direction, prunes: bool
) -> None:
    sign = 1 if direction is Direction.FORWARD else -1
    ranked = sorted((sign * ts, order, row) for order, times in enumerate(frames) for row, ts in enumerate(times))
    is_cut = limit is not None and len(ranked) > limit
    wanted = [each for each in ranked if each[0] <= ranked[limit - 1][0]] if limit and is_cut else ranked
    assert collected(frames, limit, direction, prunes) == wanted


@pytest.mark.parametrize(
    ("direction", "bounds", "is_worth_it"),
    [
        (Direction.FORWARD, (2, 9), True),
        (Direction.FORWARD, (3, 9), False),
        (Direction.BACKWARD, (0, 8), True),
        (Direction.BACKWARD, (0, 7), False),
    ],
)
def test_a_source_is_worth_reading_while_it_may_tie_with_the_last(
    direction: Direction, bounds: tuple[int, int], is_worth_it: bool
) -> None:
    collector = EntryCollector(2, direction)
    assert collector.worth_reading(*bounds)
    times = [1, 2, 5, 8, 9]
    for order, ts in enumerate(times):
        collector.add(order, frame_of_entries([Entry(Labels({}), ts, "")]))
    collector.frames()
    assert collector.worth_reading(*bounds) == is_worth_it
