"""The machine answers like a disk, and forgets like one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from storage.stores import DiskStore
from tests.storage.faults.content import Content, Outcome
from tests.storage.faults.machine import DATA, Machine
from tests.storage.stores.contract import StoreContract


class TestDiskStoreOnTheMachine(StoreContract):
    @pytest.fixture
    def store(self) -> DiskStore:
        return DiskStore(DATA / "parts", Machine())


def written(path: Path, syncs_file: bool, syncs_folder: bool) -> Machine:
    machine = Machine()
    file = machine.create(path)
    file.write(0, [b"ab", b"c"])
    if syncs_file:
        file.sync()
    if syncs_folder:
        machine.sync_folder(path.parent)
    return machine


@pytest.mark.parametrize(
    ("syncs_file", "syncs_folder", "found"),
    [(False, False, None), (True, False, None), (False, True, b""), (True, True, b"abc")],
)
def test_what_was_not_synced_is_lost(syncs_file: bool, syncs_folder: bool, found: bytes | None) -> None:
    path = DATA.parent / "file"
    machine = written(path, syncs_file, syncs_folder).after(Outcome.LOST, random.Random(0))
    assert (machine.read(path) if machine.exists(path) else None) == found


@pytest.mark.parametrize("outcome", [Outcome.KEPT, Outcome.KILLED])
def test_what_was_not_synced_may_be_there(outcome: Outcome) -> None:
    path = DATA.parent / "file"
    machine = written(path, syncs_file=False, syncs_folder=False).after(outcome, random.Random(0))
    assert machine.read(path) == b"abc"
    again = machine.after(Outcome.LOST, random.Random(0))
    assert again.exists(path) == (outcome is Outcome.KEPT)


def test_a_write_is_torn_at_sectors_in_every_way() -> None:
    found = set()
    for seed in range(200):
        content = Content()
        content.write(0, b"a" * 700)
        content.sync()
        content.write(700, b"b" * 700)
        torn = bytes(content.after(Outcome.TORN, random.Random(seed)).now)
        assert torn[:700] == b"a" * 700, "what was synced stays"
        assert len(torn) <= 1400
        found.add((torn[700:1024] == b"b" * 324, torn[1024:] == b"b" * 376))
    assert found == {(True, True), (True, False), (False, True), (False, False)}


def test_bytes_of_a_failed_sync_are_seen_and_never_durable() -> None:
    content = Content()
    content.write(0, b"ab")
    content.fail_to_sync()
    content.write(2, b"c")
    content.sync()
    assert content.now == b"abc"
    assert content.durable == b"\0\0c"


def test_a_rename_that_was_not_synced_leaves_the_old_file() -> None:
    old, new = DATA.parent / "old", DATA.parent / "new"
    machine = written(old, syncs_file=True, syncs_folder=True)
    machine.rename(old, new)
    survivor = machine.after(Outcome.LOST, random.Random(0))
    assert survivor.read(old) == b"abc"
    with pytest.raises(FileNotFoundError):
        survivor.read(new)
