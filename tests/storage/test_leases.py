"""What was retired is free when every reader who began before is done."""

from __future__ import annotations

from typing import cast

from storage.leases import Leases
from storage.part import Remains
from storage.stores import Store

STORE = cast(Store, None)
OLD, NEW = Remains(STORE, "old"), Remains(STORE, "new")


def test_without_readers_all_is_free() -> None:
    leases = Leases()
    leases.retire(OLD)
    assert leases.free() == leases.retired() == (OLD,)
    leases.forget(OLD)
    assert leases.free() == leases.retired() == ()


def test_objects_that_are_written_anew_are_not_deleted() -> None:
    leases = Leases()
    leases.retire(OLD)
    leases.retire(NEW)
    leases.revive(STORE, "old")
    assert leases.free() == (NEW,)


def test_only_readers_from_before_keep_what_is_retired() -> None:
    leases = Leases()
    early, late = leases.reading(), leases.reading()
    early.__enter__()
    leases.retire(OLD)
    late.__enter__()
    leases.retire(NEW)
    assert leases.free() == ()
    early.__exit__(None, None, None)
    assert leases.free() == (OLD,)
    assert leases.retired() == (OLD, NEW)
    late.__exit__(None, None, None)
    assert leases.free() == (OLD, NEW)
