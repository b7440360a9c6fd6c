"""The mirror of a bucket's indexes: what the bucket lists may be old, what the disk has may be lost or damaged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.stores import BucketError, DiskStore, MirroredStore, S3Settings, S3Store
from tests.buckets.proxy import Asked, FaultyProxy, Reply
from tests.storage.stores.contract import StoreContract


def is_intact(data: bytes) -> bool:
    return not data.startswith(b"damaged")


def mirrored(bucket: S3Settings, folder: Path) -> MirroredStore:
    return MirroredStore(S3Store(bucket), DiskStore(folder / "indexes"), ".index", ".arrow", is_intact)


@pytest.fixture
def store(bucket: S3Settings, tmp_path: Path) -> MirroredStore:
    return mirrored(bucket, tmp_path)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


class TestMirroredStore(StoreContract):
    pass


def publish(store: MirroredStore, name: str) -> None:
    store.put(name + ".arrow", b"rows")
    store.put(name + ".index", b"index of " + name.encode())


def stale_list(proxy: FaultyProxy, change: Callable[[], None]) -> None:
    """Lists answer from now on what they answered before ``change``."""
    old: list[Reply] = []

    def remember(asked: Asked, ask: Callable[[], Reply]) -> Reply:
        reply = ask()
        if asked.is_list:
            old.append(reply)
        return reply

    def repeat(asked: Asked, ask: Callable[[], Reply]) -> Reply:
        return old[-1] if asked.is_list else ask()

    proxy.fault = remember
    change()
    assert old, "the change began with a list"
    proxy.fault = repeat


def test_objects_that_an_old_list_lacks_are_there(
    proxied_bucket: S3Settings, proxy: FaultyProxy, tmp_path: Path
) -> None:
    store = mirrored(proxied_bucket, tmp_path)
    publish(store, "first")

    def change() -> None:
        store.list()
        publish(store, "second")

    stale_list(proxy, change)
    assert store.list() == ["first.arrow", "first.index", "second.arrow", "second.index"]
    assert store.get("second.index") == b"index of second"


@pytest.mark.parametrize("is_other_machine", [False, True])
def test_objects_that_an_old_list_still_has_are_gone(
    proxied_bucket: S3Settings, proxy: FaultyProxy, tmp_path: Path, is_other_machine: bool
) -> None:
    store = mirrored(proxied_bucket, tmp_path / "one")
    publish(store, "first")
    publish(store, "second")

    def change() -> None:
        store.list()
        store.delete("first.arrow")
        store.delete("first.index")

    stale_list(proxy, change)
    store = mirrored(proxied_bucket, tmp_path / ("other" if is_other_machine else "one"))
    assert store.list() == ["second.arrow", "second.index"]


def test_with_the_bucket_away_the_mirror_lists_what_it_knows_if_it_knows_all(
    proxied_bucket: S3Settings, proxy: FaultyProxy, tmp_path: Path
) -> None:
    store = mirrored(proxied_bucket, tmp_path / "one")
    publish(store, "first")
    store.list()
    publish(store, "second")
    proxy.is_up = False
    assert mirrored(proxied_bucket, tmp_path / "one").list() == [
        "first.arrow",
        "first.index",
        "second.arrow",
        "second.index",
    ]
    with pytest.raises(BucketError):
        mirrored(proxied_bucket, tmp_path / "new").list()


def test_an_index_that_the_bucket_did_not_take_is_not_on_the_disk_either(
    proxied_bucket: S3Settings, proxy: FaultyProxy, tmp_path: Path
) -> None:
    store = mirrored(proxied_bucket, tmp_path)
    store.put("a.arrow", b"rows")
    proxy.is_up = False
    with pytest.raises(BucketError):
        store.put("a.index", b"index")
    proxy.is_up = True
    assert store.list() == ["a.arrow"]


def test_an_index_that_only_the_disk_has_is_given_to_the_bucket(bucket: S3Settings, tmp_path: Path) -> None:
    store = mirrored(bucket, tmp_path / "one")
    publish(store, "a")
    S3Store(bucket).delete("a.index")
    assert store.list() == ["a.arrow", "a.index"]
    assert mirrored(bucket, tmp_path / "two").get("a.index") == b"index of a"


@pytest.mark.parametrize("damage", [b"damaged", None])
def test_a_local_copy_that_is_lost_or_damaged_is_fetched_again(
    bucket: S3Settings, tmp_path: Path, damage: bytes | None
) -> None:
    store = mirrored(bucket, tmp_path)
    publish(store, "a")
    copy = tmp_path / "indexes" / "a.index"
    if damage is None:
        copy.unlink()
    else:
        copy.write_bytes(damage)
    assert store.get("a.index") == b"index of a"
    assert copy.read_bytes() == b"index of a"
    with store.open("a.index") as file:
        assert file.read() == b"index of a"
