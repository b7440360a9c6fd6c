"""The disk store: the contract, and what only files can get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.stores import DiskStore
from tests.storage.stores.contract import StoreContract


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "parts")


class TestDiskStore(StoreContract):
    pass


def test_quarantine_keeps_the_bytes_beside_the_store(store: DiskStore, tmp_path: Path) -> None:
    store.put("fake/day/key.index", b"damaged")
    place = Path(store.quarantine("fake/day/key.index"))
    assert place == tmp_path / "quarantine" / "parts" / "fake" / "day" / "key.index"
    assert place.read_bytes() == b"damaged"


def test_leftovers_of_interrupted_writes_are_removed_and_folders_of_such_names_stay(store: DiskStore) -> None:
    store.put("tenant.tmp/day/key.index", b"kept")
    (store.root / "tenant.tmp" / "day" / "key.arrow.tmp").write_bytes(b"half")
    assert store.list() == ["tenant.tmp/day/key.index"]
    assert store.remove_temporary() == 1
    assert store.remove_temporary() == 0
    assert store.get("tenant.tmp/day/key.index") == b"kept"


def test_a_write_that_cannot_be_published_leaves_no_temporary_file(store: DiskStore) -> None:
    (store.root / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        store.put("taken", b"x")
    assert [path.name for path in store.root.iterdir()] == ["taken"]
