"""Old parts move to a real bucket: the same rows before, meanwhile and after, also after a restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from storage.database import Database
from storage.policies import Policies
from storage.retention import Retention
from storage.stores.s3_settings import S3Settings
from tests.buckets.proxy import Asked, FaultyProxy, Reply, error_reply
from tests.buckets.seaweed import bucket_client
from tests.storage.databases import assert_holds
from tests.storage.entries import entries_of, numbered_batch
from tests.storage.keeping.clock import SECOND, Clock, clocked

OLD, NEW = numbered_batch(0, 50, padding=40), numbered_batch(10**12, 50, padding=40)
ROWS = {*entries_of(OLD), *entries_of(NEW)}


def kinds(database: Database) -> list[str]:
    return [part.store.kind for part in database.parts("fake")]


def test_only_old_parts_move_and_every_row_stays(tmp_path: Path, bucket: S3Settings) -> None:
    clock = Clock(10.0)
    with clocked(tmp_path, clock, s3=bucket, cold_after_s=500.0) as database:
        for batch in (OLD, NEW):
            database.append("fake", batch).result(10)
            database.flush()
        database.keep_now()
        assert kinds(database) == ["disk", "disk"]
        clock.now_s = 1200.0
        database.keep_now()
        assert kinds(database) == ["bucket", "disk"]
        assert_holds(database, "fake", ROWS)
        assert len(list((tmp_path / "parts").rglob("*.arrow"))) == 1
    with clocked(tmp_path, clock, s3=bucket, cold_after_s=500.0) as database:
        assert kinds(database) == ["bucket", "disk"]
        assert_holds(database, "fake", ROWS)


def test_rows_in_the_bucket_expire_there(tmp_path: Path, bucket: S3Settings) -> None:
    clock = Clock(1200.0)
    policies = Policies(retention=lambda _: Retention(2000 * SECOND))
    with clocked(tmp_path, clock, policies, s3=bucket, cold_after_s=500.0) as database:
        for batch in (OLD, NEW):
            database.append("fake", batch).result(10)
            database.flush()
        database.keep_now()
        clock.now_s = 2100.0
        database.keep_now()
        assert_holds(database, "fake", set(entries_of(NEW)))
    listed = bucket_client(bucket).list_objects_v2(Bucket=bucket.bucket, Prefix=bucket.prefix).get("Contents", [])
    (left,) = [each["Key"] for each in listed if each["Key"].endswith(".arrow")]
    assert f"/{10**12:020d}-" in left
    with clocked(tmp_path, clock, policies, s3=bucket, cold_after_s=500.0) as database:
        assert_holds(database, "fake", set(entries_of(NEW)))


@pytest.mark.parametrize("moved_again", [False, True])
def test_a_move_that_was_cut_short_leaves_each_row_once(tmp_path: Path, bucket: S3Settings, moved_again: bool) -> None:
    clock = Clock(10**6)
    with clocked(tmp_path, clock, s3=bucket) as database:
        database.append("fake", OLD).result(10)
        database.flush()
        (part,) = database.parts("fake")
        cold = database._stores.cold  # the first half of a move
        assert cold is not None
        cold.put(part.keys[0], part.store.get(part.keys[0]))
        cold.put(part.keys[1], part.store.get(part.keys[1]))
    with clocked(tmp_path, clock, s3=bucket, cold_after_s=500.0 if moved_again else 0.0) as database:
        assert_holds(database, "fake", set(entries_of(OLD)))
        database.keep_now()
        assert kinds(database) == (["bucket"] if moved_again else ["disk"])
        assert_holds(database, "fake", set(entries_of(OLD)))


def test_while_the_bucket_is_away_parts_stay_where_they_are(
    tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy
) -> None:
    hasty = replace(proxied_bucket, attempts=1)
    with clocked(tmp_path, Clock(10**6), s3=hasty, cold_after_s=500.0) as database:
        database.append("fake", OLD).result(10)
        database.flush()
        proxy.is_up = False
        database.keep_now()
        assert kinds(database) == ["disk"]
        assert_holds(database, "fake", set(entries_of(OLD)))
        proxy.is_up = True
        database.keep_now()
        assert kinds(database) == ["bucket"]
        assert_holds(database, "fake", set(entries_of(OLD)))


def test_a_copy_that_is_not_what_was_copied_is_taken_back(
    tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy, bucket: S3Settings
) -> None:
    hasty = replace(proxied_bucket, attempts=1)
    with clocked(tmp_path, Clock(10**6), s3=hasty, cold_after_s=500.0) as database:
        database.append("fake", OLD).result(10)
        database.flush()

        def fail_reads(asked: Asked, ask: Callable[[], Reply]) -> Reply:
            return error_reply(500, "InternalError") if asked.method == "GET" and ".arrow" in asked.path else ask()

        proxy.fault = fail_reads
        database.keep_now()
        assert kinds(database) == ["disk"]
    assert not bucket_client(bucket).list_objects_v2(Bucket=bucket.bucket, Prefix=bucket.prefix).get("Contents", [])
