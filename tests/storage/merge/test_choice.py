"""Which parts are merged: enough of them, neighbours of one day, never beyond the ceiling, the oldest day first."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.labels import Labels
from storage.merge.choice import Rules, next_run
from storage.part import ChunkEntry, Part, PartIndex
from storage.settings import StorageSettings
from storage.stores import Store

MB = 1 << 20
DAY_NS = 86_400 * 10**9
SETTINGS = StorageSettings(merge_fan_in=4, merge_max_bytes=100 * MB)
STORES = cast(list[Store], [object(), object()])


def part(
    number: int, size_mb: int, day: int = 0, days: int = 1, store: int = 0, replaces: tuple[str, ...] = ("fake/old",)
) -> Part:
    """One that was merged, unless it replaces nothing."""
    first, last = day * DAY_NS + number, (day + days) * DAY_NS - 1
    sizes = [min(4, size_mb - start) * MB for start in range(0, max(size_mb, 1), 4)]
    chunks = [ChunkEntry(np.zeros(1, np.int32), np.ones(1, np.int64), first, last, size, 8, 1, 0) for size in sizes]
    index = PartIndex(f"fake/{number}", number, number, (Labels(),), np.array([last]), tuple(chunks), 1, 0, replaces)
    return Part(STORES[store], index)


def numbers(parts: list[Part], is_due: bool = False, excluded: tuple[str, ...] = ()) -> list[int] | None:
    run = next_run(parts, Rules(SETTINGS, lambda _: is_due, excluded))
    return None if run is None else [each.index.wal_sequence for each in run]


@pytest.mark.parametrize(
    ("sizes_mb", "chosen"),
    [
        ([], None),
        ([4], None),
        ([4, 4, 4], None),
        ([4, 4, 4, 4], [0, 1, 2, 3]),
        ([20, 4, 4, 4], None),
        ([20, 4, 4, 4, 4], [1, 2, 3, 4]),
        ([8, 4, 4, 4, 4, 4, 4], [0, 1, 2, 3, 4, 5, 6]),
        ([0, 0, 0], None),
        ([0, 0, 0, 0], [0, 1, 2, 3]),
        ([4, 4, 30, 4, 4], None),
    ],
)
def test_a_run_is_so_many_times_as_large_as_its_largest_part(sizes_mb: list[int], chosen: list[int] | None) -> None:
    assert numbers([part(number, size) for number, size in enumerate(sizes_mb)]) == chosen


def test_whatever_is_left_of_a_quiet_day_is_merged() -> None:
    parts = [part(0, 40), part(1, 1), part(2, 3)]
    assert numbers(parts) is None
    assert numbers(parts, is_due=True) == [0, 1, 2]
    assert numbers(parts[:1], is_due=True) is None


def test_the_oldest_day_comes_first_and_days_are_not_mixed() -> None:
    parts = [part(number, 4, day=number % 2) for number in range(8)]
    assert numbers(parts) == [0, 2, 4, 6]
    assert numbers([part(number, 4, day=number) for number in range(8)], is_due=True) is None


def test_a_part_of_a_longer_time_between_two_keeps_them_apart() -> None:
    """Or rows of one time would change their order."""
    parts = [part(0, 4), part(1, 4), part(2, 4, days=2), part(3, 4), part(4, 4)]
    assert numbers(parts) is None
    elsewhere = [part(0, 4, day=5), part(1, 4, day=5), part(2, 4, days=2), part(3, 4, day=5), part(4, 4, day=5)]
    assert numbers(elsewhere) == [0, 1, 3, 4]


def test_parts_of_another_store_and_excluded_ones_are_left_alone() -> None:
    parts = [part(0, 4), part(1, 4), part(2, 4, store=1), part(3, 4), part(4, 4)]
    assert numbers(parts) is None, "the one in the other store lies between them"
    same = [part(number, 4) for number in range(9)]
    assert numbers(same, excluded=("fake/4",)) == [0, 1, 2, 3]


def test_a_part_that_is_alone_is_written_anew_once_when_its_day_is_quiet() -> None:
    flushed, merged = part(0, 4, replaces=()), part(1, 4, day=1)
    assert numbers([flushed, merged]) is None
    assert numbers([flushed, merged], is_due=True) == [0]
    assert numbers([merged], is_due=True) is None
    assert numbers([flushed], is_due=True, excluded=("fake/0",)) is None


def test_the_run_that_removes_most_parts_comes_before_a_part_that_is_written_anew() -> None:
    parts = [part(0, 4, replaces=()), part(1, 60), part(2, 60), part(3, 4, replaces=()), part(4, 1, replaces=())]
    assert numbers(parts, is_due=True) == [2, 3, 4]


@given(st.lists(st.integers(0, 60), max_size=40), st.booleans())
def test_merging_ends_with_few_parts_and_none_above_the_ceiling(sizes_mb: list[int], is_due: bool) -> None:
    parts = [part(number, size) for number, size in enumerate(sizes_mb)]
    rewritten_mb = 0
    while run := next_run(parts, Rules(SETTINGS, lambda _: is_due)):
        place = parts.index(run[0])
        assert len(run) > 1
        assert parts[place : place + len(run)] == list(run)
        size_mb = sum(each.index.line_bytes for each in run) // MB
        assert size_mb <= 100
        rewritten_mb += size_mb
        parts[place : place + len(run)] = [part(1000 + rewritten_mb, size_mb)]
    if is_due:
        assert all(a.index.line_bytes + b.index.line_bytes > 100 * MB for a, b in pairwise(parts))
    assert rewritten_mb <= 5 * sum(sizes_mb) + 5
