"""Retention carried out: exactly the rows that the policy keeps are there afterwards, also after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.labels import Labels
from storage.policies import Policies
from storage.retention import FOREVER, Retention, RetentionRule
from tests.storage.databases import assert_holds, crashed_copy, stored
from tests.storage.entries import Entry, batch_of
from tests.storage.keeping.clock import SECOND, Clock, clocked

WEB, DB, DEV = (Labels({"app": name}) for name in ("web", "db", "dev"))
DAY = 86_400


def rows_of(labels: Labels, *seconds: int) -> list[Entry]:
    return [Entry(labels, second * SECOND, f"{labels['app']} at {second} {'x' * 60}") for second in seconds]


def keeps(period_s: int, *rules: tuple[Labels, int]) -> Policies:
    made = tuple(RetentionRule(lambda each, own=labels: each == own, 1, s * SECOND) for labels, s in rules)  # type: ignore[misc]
    return Policies(retention=lambda _: Retention(period_s * SECOND, made))


OLD, NEW = rows_of(WEB, *range(0, 50, 5)), rows_of(WEB, *range(5000, 5050, 5))


def test_whole_parts_go_when_their_last_row_has_expired(tmp_path: Path) -> None:
    clock = Clock(60.0)
    with clocked(tmp_path, clock, keeps(1000)) as database:
        for rows in (OLD, NEW):
            database.append("fake", batch_of(rows)).result(10)
            database.flush()
        clock.now_s = 1045.0
        database.keep_now()
        assert_holds(database, "fake", {*OLD, *NEW})
        clock.now_s = 1045.1
        assert [step.rows for step in database.retention_plan("fake")] == [len(OLD)]
        database.keep_now()
        assert database.retention_plan("fake") == []
        assert_holds(database, "fake", set(NEW))
    assert len(list(tmp_path.rglob("*.arrow"))) == 1
    with clocked(tmp_path, clock, keeps(1000)) as database:
        assert_holds(database, "fake", set(NEW))


def test_a_stream_with_a_shorter_period_leaves_the_others_in_their_part(tmp_path: Path) -> None:
    clock, dev = Clock(60.0), rows_of(DEV, *range(0, 50, 5))
    policies = keeps(DAY, (DEV, 100), (DB, FOREVER))
    rest = {*OLD, *rows_of(DB, 1, 2, 3)}
    with clocked(tmp_path, clock, policies) as database:
        database.append("fake", batch_of([*dev, *rest])).result(10)
        database.flush()
        clock.now_s = 145.0
        database.keep_now()
        assert_holds(database, "fake", {*dev, *rest})
        clock.now_s = 146.0
        database.keep_now()
        assert_holds(database, "fake", rest)
        assert DEV not in {labels for source in database.sources("fake") for labels in source.streams}
        clock.now_s = 10.0 * DAY
        database.keep_now()
        assert_holds(database, "fake", set(rows_of(DB, 1, 2, 3)))
    with clocked(tmp_path, clock, policies) as database:
        assert_holds(database, "fake", set(rows_of(DB, 1, 2, 3)))


@pytest.mark.parametrize("merged", [False, True])
def test_too_much_goes_oldest_first(tmp_path: Path, merged: bool) -> None:
    clock = Clock(0.0)
    days = [rows_of(WEB, *range(day * DAY, day * DAY + 40)) for day in range(4)]
    limit = [0]
    with clocked(tmp_path, clock, Policies(max_bytes=lambda _: limit[0])) as database:
        for rows in days:
            for half in (rows[::2], rows[1::2]):
                database.append("fake", batch_of(half)).result(10)
                database.flush()
        if merged:
            assert database.merge_now() == 4
        sizes = {part.index.key: part.index.arrow_bytes for part in database.parts("fake")}
        limit[0] = sum(sizes.values()) * 6 // 10
        database.keep_now()
        left = [part.index.arrow_bytes for part in database.parts("fake")]
        assert sum(left) <= limit[0] < sum(left) + max(sizes.values())
        assert set(days[3]) <= set(stored(database, "fake")) <= {*days[1], *days[2], *days[3]}


def test_other_tenants_keep_what_is_theirs(tmp_path: Path) -> None:
    clock = Clock(10.0 * DAY)
    policies = Policies(retention=lambda tenant: Retention(SECOND if tenant == "a" else FOREVER))
    with clocked(tmp_path, clock, policies) as database:
        for tenant in ("a", "b"):
            database.append(tenant, batch_of(OLD)).result(10)
        database.flush()
        database.keep_now()
        assert_holds(database, "a", set())
        assert_holds(database, "b", set(OLD))


def test_rows_that_were_dropped_can_be_pushed_again(tmp_path: Path) -> None:
    clock = Clock(2000.0)
    with clocked(tmp_path, clock, keeps(1000)) as database:
        database.append("fake", batch_of(OLD)).result(10)
        database.flush()
        database.keep_now()
        assert_holds(database, "fake", set())
        database.append("fake", batch_of(OLD)).result(10)
        assert_holds(database, "fake", set(OLD))


def test_rows_do_not_come_back_from_parts_that_a_dropped_one_had_replaced(tmp_path: Path) -> None:
    clock, folder = Clock(60.0), tmp_path / "data"
    with clocked(folder, clock, keeps(1000)) as database:
        for rows in (OLD[:5], OLD[5:]):
            database.append("fake", batch_of(rows)).result(10)
            database.flush()
        with database.reading("fake"):  # so that nothing can be deleted yet
            assert database.merge_now() == 1
            clock.now_s = 5000.0
            database.keep_now()
            assert_holds(database, "fake", set())
            crashed = crashed_copy(folder, tmp_path / "crashed")
        database.keep_now()
    assert len(list(crashed.rglob("*.arrow"))) == 3
    for copy in (crashed, folder):
        with clocked(copy, clock) as database:
            assert_holds(database, "fake", set())
