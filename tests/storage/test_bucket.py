"""A database whose parts live in a bucket: nothing is lost, nothing is asked for twice, and the bucket may go away."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.errors import StorageUnavailable
from storage.settings import StorageSettings
from storage.stores import BucketError, Meter, metering
from storage.stores.s3_settings import S3Settings
from tests.buckets.proxy import FaultyProxy
from tests.buckets.seaweed import bucket_client
from tests.storage.databases import assert_holds, crashed_copy, opened, stored
from tests.storage.entries import Entry, entries_of, numbered_batch

ROWS = 300


def in_bucket(bucket: S3Settings, **changes: Any) -> StorageSettings:
    return replace(StorageSettings(head_age_s=1e9, is_hot_in_bucket=True, s3=bucket), **changes)


def push(database: Database, number: int, tenant: str = "fake") -> set[Entry]:
    batch = numbered_batch(number * ROWS, ROWS, padding=300)
    database.append(tenant, batch).result(10)
    return set(entries_of(batch))


def push_until_refused(database: Database, first: int) -> tuple[set[Entry], int]:
    """The rows that were acknowledged, and the number of the push that was not."""
    rows: set[Entry] = set()
    for number in range(first, first + 100):
        try:
            rows |= push(database, number)
        except StorageUnavailable:
            return rows, number
    raise AssertionError("a bucket that is away took everything")


def keys_of(bucket: S3Settings) -> list[str]:
    found = bucket_client(bucket).list_objects_v2(Bucket=bucket.bucket, Prefix=bucket.prefix).get("Contents", [])
    return [each["Key"].removeprefix(bucket.prefix) for each in found]


def remove(bucket: S3Settings, suffix: str) -> None:
    client = bucket_client(bucket)
    for key in keys_of(bucket):
        if key.endswith(suffix):
            client.delete_object(Bucket=bucket.bucket, Key=bucket.prefix + key)


def filled(root: Path, settings: StorageSettings, parts: int = 3) -> set[Entry]:
    rows: set[Entry] = set()
    with opened(root, settings) as database:
        for number in range(parts):
            rows |= push(database, number)
            assert database.flush() == 1
        assert_holds(database, "fake", rows)
    return rows


def test_rows_are_in_the_bucket_and_only_indexes_and_the_log_on_the_disk(tmp_path: Path, bucket: S3Settings) -> None:
    settings = in_bucket(bucket, cache_bytes=0)
    rows = filled(tmp_path, settings)
    assert sorted(Path(key).suffix for key in keys_of(bucket)) == [".arrow"] * 3 + [".index"] * 3
    suffixes = sorted(path.suffix for path in tmp_path.rglob("*") if path.is_file() and "wal" not in path.parts)
    assert suffixes == ["", ".index", ".index", ".index"]
    with opened(tmp_path, settings) as database:
        assert_holds(database, "fake", rows)


def test_the_bucket_alone_is_enough(tmp_path: Path, bucket: S3Settings) -> None:
    rows = filled(tmp_path / "first", in_bucket(bucket))
    shutil.rmtree(tmp_path / "first")
    with opened(tmp_path / "second", in_bucket(bucket)) as database:
        assert_holds(database, "fake", rows)
        rows |= push(database, 9)
        database.flush()
        assert_holds(database, "fake", rows)


@pytest.mark.parametrize("lost", [".index", "mirror", "both"])
def test_indexes_are_made_again_where_they_are_lost(tmp_path: Path, bucket: S3Settings, lost: str) -> None:
    rows = filled(tmp_path, in_bucket(bucket))
    if lost != ".index":
        shutil.rmtree(tmp_path / "indexes")
    if lost != "mirror":
        remove(bucket, ".index")
    with opened(tmp_path, in_bucket(bucket)) as database:
        assert_holds(database, "fake", rows)
    assert sorted(Path(key).suffix for key in keys_of(bucket)) == [".arrow"] * 3 + [".index"] * 3
    assert len(list((tmp_path / "indexes").rglob("*.index"))) == 3


def test_a_damaged_local_index_is_fetched_again_and_the_good_one_is_left_alone(
    tmp_path: Path, bucket: S3Settings
) -> None:
    rows = filled(tmp_path, in_bucket(bucket))
    before = keys_of(bucket)
    for path in (tmp_path / "indexes").rglob("*.index"):
        path.write_bytes(path.read_bytes()[:-3])
    with opened(tmp_path, in_bucket(bucket)) as database:
        assert_holds(database, "fake", rows)
        assert database.metrics()["quarantined_objects_total"] == 0
    assert keys_of(bucket) == before


def test_each_chunk_is_fetched_once_then_comes_from_the_disk(tmp_path: Path, bucket: S3Settings) -> None:
    settings = in_bucket(bucket, chunk_bytes=16 << 10)
    rows = filled(tmp_path, settings, parts=2)
    shutil.rmtree(tmp_path / "cache")
    with opened(tmp_path, settings) as database:
        first, second = Meter(), Meter()
        with metering(first):
            assert_holds(database, "fake", rows)
        assert first.usage.requests == 2  # small parts: frame and chunks in one request
        with metering(second):
            assert_holds(database, "fake", rows)
        assert second.usage.requests == 0
    with opened(tmp_path, settings) as database, metering(third := Meter()):
        assert_holds(database, "fake", rows)
        assert third.usage.requests == 0
        assert third.usage.cache_hits > 0
        assert database.metrics()["cache_bytes"] > 0


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"bucket": ""}, "the settings name no bucket"),
        ({"bucket": "another"}, r"the settings name s3://another"),
        ({"prefix": "other"}, r"correct storage_config\.aws"),
    ],
)
def test_a_folder_whose_parts_are_elsewhere_is_refused_instead_of_looking_empty(
    tmp_path: Path, bucket: S3Settings, changes: dict[str, Any], text: str
) -> None:
    rows = filled(tmp_path, in_bucket(bucket), parts=1)
    with pytest.raises(OSError, match=text):
        Database(tmp_path, StorageSettings(s3=replace(bucket, **changes)))
    with opened(tmp_path, in_bucket(bucket)) as database:
        assert_holds(database, "fake", rows)


def test_parts_from_before_there_was_a_bucket_are_still_read(tmp_path: Path, bucket: S3Settings) -> None:
    rows = filled(tmp_path, StorageSettings(head_age_s=1e9), parts=2)
    with opened(tmp_path, in_bucket(bucket)) as database:
        rows |= push(database, 7)
        database.flush()
        assert_holds(database, "fake", rows)
    with opened(tmp_path, replace(in_bucket(bucket), is_hot_in_bucket=False)) as database:
        assert_holds(database, "fake", rows)


class TestOutage:
    """The bucket is away for a while; P3 and P4."""

    @pytest.fixture(autouse=True)
    def quiet(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.CRITICAL)

    def test_pushes_go_on_until_the_limit_then_are_refused_and_nothing_is_lost(
        self, tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy
    ) -> None:
        settings = in_bucket(proxied_bucket, max_unflushed_bytes=400_000)
        with opened(tmp_path, settings) as database:
            rows = push(database, 0)
            database.flush()
            proxy.is_up = False
            rows |= push(database, 1)
            with pytest.raises(StorageUnavailable, match=r"stay in the log.*is away or overloaded"):
                database.flush()
            more, refused = push_until_refused(database, 2)
            rows |= more
            crashed = crashed_copy(tmp_path, tmp_path.with_name("crashed"))
            proxy.is_up = True
            database.flush()
            rows |= push(database, refused)
            assert_holds(database, "fake", rows)
        with opened(crashed, settings) as database:
            rows |= push(database, refused)
            assert_holds(database, "fake", rows)

    def test_parts_that_are_cached_or_on_disk_are_read_and_others_are_a_clear_error(
        self, tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy
    ) -> None:
        settings = in_bucket(proxied_bucket)
        rows = filled(tmp_path, settings)
        with opened(tmp_path, settings) as database:
            proxy.is_up = False
            assert_holds(database, "fake", rows)
        shutil.rmtree(tmp_path / "cache")
        with opened(tmp_path, settings) as database:
            with pytest.raises(BucketError, match=r"get_object of .*\.arrow failed.*(is away|is the bucket up)"):
                stored(database, "fake")
            proxy.is_up = True
            assert_holds(database, "fake", rows)

    def test_a_start_without_the_bucket_takes_the_local_indexes_and_the_log(
        self, tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy
    ) -> None:
        settings = in_bucket(proxied_bucket)
        rows = filled(tmp_path, settings)
        with opened(tmp_path, settings) as database:
            rows |= push(database, 5)
        proxy.is_up = False
        with opened(tmp_path, settings) as database:
            rows |= push(database, 6)
            assert_holds(database, "fake", rows)
            proxy.is_up = True
            database.flush()
            assert_holds(database, "fake", rows)
        with opened(tmp_path, settings) as database:
            assert_holds(database, "fake", rows)

    @pytest.mark.parametrize("is_up_at_start", [True, False])
    def test_a_flush_that_was_cut_short_is_finished_or_undone_never_doubled(
        self, tmp_path: Path, bucket: S3Settings, proxied_bucket: S3Settings, proxy: FaultyProxy, is_up_at_start: bool
    ) -> None:
        settings = in_bucket(proxied_bucket)
        with opened(tmp_path / "first", settings) as database:
            rows = push(database, 0)
            database.flush()
            rows |= push(database, 1)
            crashed_copy(tmp_path / "first", tmp_path / "crashed")
            database.flush()
        (late,) = [key for key in keys_of(bucket) if key.endswith(".index")][1:]
        bucket_client(bucket).delete_object(Bucket=bucket.bucket, Key=bucket.prefix + late)
        proxy.is_up = is_up_at_start
        with opened(tmp_path / "crashed", settings) as database:
            proxy.is_up = True
            assert_holds(database, "fake", rows)
            rows |= push(database, 2)
            database.flush()
            assert_holds(database, "fake", rows)
        with opened(tmp_path / "crashed", settings) as database:
            assert_holds(database, "fake", rows)

    def test_a_start_that_knows_nothing_of_the_parts_waits_for_the_bucket(
        self, tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy
    ) -> None:
        rows = filled(tmp_path / "first", in_bucket(proxied_bucket))
        proxy.is_up = False
        database = Database(tmp_path / "second", in_bucket(proxied_bucket, retry_s=0.05))
        starting = threading.Thread(target=database.start)
        starting.start()
        time.sleep(0.5)
        assert not database.is_ready
        proxy.is_up = True
        starting.join(30)
        assert database.is_ready
        assert_holds(database, "fake", rows)
        database.stop()

    def test_a_start_that_waits_can_be_given_up(
        self, tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy
    ) -> None:
        proxy.is_up = False
        database = Database(tmp_path, in_bucket(proxied_bucket))
        database.interrupt()
        with pytest.raises(BucketError, match=r"is away|is the bucket up"):
            database.start()
        database.stop()

    @pytest.mark.parametrize("seconds", [float(os.environ.get("TESTS_OUTAGE_S", "1"))])
    def test_an_outage_under_load_loses_nothing_and_doubles_nothing(
        self, tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy, seconds: float
    ) -> None:
        """``TESTS_OUTAGE_S=60`` makes it a minute's."""
        settings = in_bucket(proxied_bucket, head_bytes=200_000, max_unflushed_bytes=1_000_000)
        rows: set[Entry] = set()
        refused, phases = 0, (0.5, seconds, 0.5)
        with opened(tmp_path, settings) as database:
            number = 0
            for phase, length_s in enumerate(phases):
                proxy.is_up = phase != 1
                until_s = time.monotonic() + length_s
                while time.monotonic() < until_s:
                    try:
                        rows |= push(database, number)
                        number += 1
                    except StorageUnavailable:
                        refused += 1
                        time.sleep(0.05)
            for _ in range(100):
                if database.flush() == 0:
                    break
            assert_holds(database, "fake", rows)
            assert database.metrics()["bucket_retries_total"] > 0
        with opened(tmp_path, settings) as database:
            assert_holds(database, "fake", rows)
        assert refused > 0 or seconds < 10
