"""The journal of deletes: what was asked survives a restart, what was taken back does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"{}", b'{"id": 1}', b"\xff" * 40])
def test_a_damaged_request_is_set_aside_and_the_others_hold(store: DiskStore, tmp_path: Path, damage: bytes) -> None:
    loaded(store).put(FIRST)
    store.put("other/00000009.json", damage)
    journal = DeleteJournal(store)
    assert journal.load() == 1
    assert journal.pending("te/am") == (FIRST,)
    assert (tmp_path / "quarantine" / "deletes" / "other" / "00000009.json").read_bytes() == damage
