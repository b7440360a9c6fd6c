"""The journal of deletes: what was asked survives a restart, what was taken back does not."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import google_crc32c
import pytest

from storage.deletes import DeleteJournal, DeleteRequest, DeleteState
from storage.stores import DiskStore

FIRST = DeleteRequest("00000001", "te/am", '{app="wéb"} |= "x"', -5, 10, 100)
SECOND = DeleteRequest("00000002", "te/am", "{a=~`.+`}", 0, 1, 50)
OTHER = DeleteRequest("00000001", "other", "{a=~`.+`}", 0, 1, 70)


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "deletes")


def loaded(store: DiskStore) -> DeleteJournal:
    journal = DeleteJournal(store)
    assert journal.load() == 0
    return journal


def test_requests_come_back_oldest_first_and_only_to_their_tenant(store: DiskStore) -> None:
    for request in (FIRST, SECOND, OTHER):
        loaded(store).put(request)
    journal = loaded(store)
    assert journal.of("te/am") == [SECOND, FIRST]
    assert journal.pending("te/am") == (SECOND, FIRST)
    assert journal.of("other") == [OTHER]
    assert journal.of("nobody") == []
    assert journal.find("other", FIRST.id) == OTHER
    assert journal.find("other", SECOND.id) is None


def test_a_processed_request_is_listed_but_hides_nothing(store: DiskStore) -> None:
    journal = loaded(store)
    journal.put(FIRST)
    done = replace(FIRST, state=DeleteState.PROCESSED, erased_rows=3, processed_ns=7)
    journal.put(done)
    for each in (journal, loaded(store)):
        assert each.of("te/am") == [done]
        assert each.pending("te/am") == ()


def test_a_removed_request_is_gone_after_a_restart_too(store: DiskStore) -> None:
    journal = loaded(store)
    journal.put(FIRST)
    journal.remove(FIRST)
    assert journal.of("te/am") == loaded(store).of("te/am") == []


OF_ANOTHER = replace(FIRST, query='{app="web"} |= "y"').to_bytes().partition(b"\n")[0]
DAMAGES = [
    b"",
    b"{",
    b"{}",
    b"\xff" * 40,
    FIRST.to_bytes()[:-2],
    FIRST.to_bytes() + b"x",
    OF_ANOTHER + FIRST.to_bytes()[-10:],
    OF_ANOTHER,
    b"[]\n%08x\n" % google_crc32c.value(b"[]"),
]


def damage_objects(store: DiskStore, damage: bytes | None, *suffixes: str) -> list[str]:
    """Write ``damage`` over objects of FIRST, or remove them; answers their keys."""
    keys = [f"te%2Fam/{FIRST.id}{suffix}" for suffix in suffixes]
    for key in keys:
        if damage is None:
            store.delete(key)
        else:
            store.put(key, damage)
    return keys


@pytest.mark.parametrize("damage", [*DAMAGES, None])
@pytest.mark.parametrize("suffix", [".json", ".copy"])
def test_one_damaged_object_of_a_request_is_made_again_from_the_other(
    store: DiskStore, tmp_path: Path, suffix: str, damage: bytes | None
) -> None:
    loaded(store).put(FIRST)
    before = {key: store.get(key) for key in store.list()}
    (key,) = damage_objects(store, damage, suffix)
    journal = DeleteJournal(store)
    assert journal.load() == (damage is not None)
    assert journal.pending("te/am") == (FIRST,)
    assert {key: store.get(key) for key in store.list()} == before
    if damage is not None:
        assert (tmp_path / "quarantine" / "deletes" / key).read_bytes() == damage


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_request_that_is_damaged_twice_is_set_aside_and_the_others_hold(store: DiskStore, damage: bytes) -> None:
    for request in (FIRST, SECOND):
        loaded(store).put(request)
    damage_objects(store, damage, ".json", ".copy")
    journal = DeleteJournal(store)
    assert journal.load() == 2
    assert journal.of("te/am") == [SECOND]
    assert loaded(store).of("te/am") == [SECOND]


def test_a_cancellation_that_was_cut_short_changed_nothing(store: DiskStore) -> None:
    loaded(store).put(FIRST)
    damage_objects(store, None, ".copy")
    assert loaded(store).of("te/am") == [FIRST]


class NoCopies(DiskStore):
    """A disk that is full after the first of two objects."""

    def put(self, key: str, data: bytes) -> None:
        if key.endswith(".copy"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), key)
        super().put(key, data)


def test_a_request_holds_without_its_copy_which_is_made_at_the_next_start(store: DiskStore) -> None:
    loaded(NoCopies(store.root)).put(FIRST)
    for _ in range(2):
        assert loaded(NoCopies(store.root)).of("te/am") == [FIRST]
    assert loaded(store).of("te/am") == [FIRST]
    assert len(store.list()) == 2


def test_the_state_of_a_request_is_that_of_its_leading_object(store: DiskStore) -> None:
    """The copy is behind when it could not be written."""
    loaded(store).put(FIRST)
    done = replace(FIRST, state=DeleteState.PROCESSED, processed_ns=7)
    loaded(NoCopies(store.root)).put(done)
    assert loaded(store).of("te/am") == [done]
    damage_objects(store, None, ".json")
    assert loaded(store).of("te/am") == [done]
