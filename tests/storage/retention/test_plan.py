"""Retention plans: nothing before its time, everything in its time, oldest first when there is too much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.labels import Labels
from storage.part import ChunkEntry, PartIndex, write_part
from storage.retention import FOREVER, Retention, RetentionRule, plan_retention
from storage.retention.plan import Action
from storage.settings import StorageSettings
from storage.stores import DiskStore
from tests.storage.entries import Entry, batch_of

WEB, DB, DEV = Labels({"app": "web"}), Labels({"app": "db"}), Labels({"app": "dev"})


def rule(labels: Labels, priority: int, period_ns: int) -> RetentionRule:
    return RetentionRule(lambda each: each == labels, priority, period_ns)


@pytest.mark.parametrize(
    ("rules", "period_ns"),
    [
        ([], 100),
        ([(DB, 1, 5)], 100),
        ([(WEB, 1, 5)], 5),
        ([(WEB, 1, FOREVER)], FOREVER),
        ([(WEB, 1, 5), (WEB, 2, 7), (DB, 9, 1)], 7),
        ([(WEB, 2, 5), (WEB, 1, 7)], 5),
        ([(WEB, 1, 5), (WEB, 1, 7)], 7),
        ([(WEB, 1, 5), (WEB, 1, FOREVER)], FOREVER),
    ],
)
def test_the_rule_with_the_highest_priority_decides(rules: list[tuple[Labels, int, int]], period_ns: int) -> None:
    assert Retention(100, tuple(rule(*each) for each in rules)).period_of(WEB) == period_ns


@pytest.mark.parametrize("now_ns", [0, -(2**63) + 1, 2**63 - 1])
def test_cutoffs_stay_within_64_bits_and_for_ever_is_for_ever(now_ns: int) -> None:
    cutoffs = Retention(2**63 - 1, (rule(DB, 1, FOREVER),)).cutoffs([WEB, DB], now_ns)
    assert cutoffs.tolist() == [max(now_ns - 2**63 + 1, -(2**63)), -(2**63)]


def part(folder: Path, *rows: tuple[Labels, int]) -> PartIndex:
    batch = batch_of([Entry(labels, ts, f"line {ts}") for labels, ts in rows])
    return write_part(DiskStore(folder / "parts"), "fake", batch, 1, StorageSettings())


RETENTION = Retention(100, (rule(DB, 1, 1000), rule(DEV, 1, FOREVER)))


@pytest.mark.parametrize(
    ("rows", "now_ns", "action", "gone"),
    [
        ([(WEB, 0), (WEB, 50)], 150, None, 0),
        ([(WEB, 0), (WEB, 50)], 151, Action.DROP, 2),
        ([(WEB, 0), (DB, 0)], 100, None, 0),
        ([(WEB, 0), (WEB, 1), (DB, 0)], 500, Action.REWRITE, 2),
        ([(WEB, 0), (WEB, 450), (DB, 0)], 500, None, 0),
        ([(WEB, 0), (DB, 0)], 1001, Action.DROP, 2),
        ([(WEB, 0), (DB, 0), (DEV, 0)], 1001, Action.REWRITE, 2),
        ([(DEV, -(2**63))], 2**63 - 1, None, 0),
        ([(WEB, 10**18)], 0, None, 0),
    ],
)
def test_a_part_goes_with_its_last_row_and_shrinks_with_the_last_of_a_stream(
    tmp_path: Path, rows: list[tuple[Labels, int]], now_ns: int, action: Action | None, gone: int
) -> None:
    steps = plan_retention([part(tmp_path, *rows)], RETENTION, now_ns)
    assert [(step.action, step.rows) for step in steps] == ([] if action is None else [(action, gone)])


def test_without_a_policy_nothing_ever_goes(tmp_path: Path) -> None:
    assert plan_retention([part(tmp_path, (WEB, -(2**63)))], Retention(), 2**63 - 1) == []


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=8, unique=True), st.integers(0, 9))
def test_too_much_goes_oldest_first_and_no_further_than_it_must(starts: list[int], keep: int) -> None:
    parts = [fake_part(start, 10) for start in starts]
    steps = plan_retention(parts, Retention(), 0, keep * 10 or 1)
    kept = sorted(starts)[max(0, len(starts) - keep) :] if keep else []
    assert sorted({each.min_ts for each in parts} - {step.part.min_ts for step in steps}) == kept
    assert all(step.action is Action.DROP for step in steps)


def test_what_has_expired_does_not_count_as_too_much() -> None:
    parts = [fake_part(0, 10), fake_part(500, 10)]
    steps = plan_retention(parts, Retention(100), 550, 10)
    assert [step.part.min_ts for step in steps] == [0]


def fake_part(start: int, size_bytes: int) -> PartIndex:
    chunk = ChunkEntry(np.zeros(1, np.int32), np.ones(1, np.int64), start, start, 1, 8, size_bytes, 0)
    return PartIndex(f"fake/d/{start}", 1, 1, (WEB,), np.array([start]), (chunk,), size_bytes, 0)
