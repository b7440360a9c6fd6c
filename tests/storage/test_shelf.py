"""The shelf keeps what was asked for lately, and no more than it may."""

from __future__ import annotations

import pytest

from storage.shelf import Shelf


class Owner:
    """A part of which something is read; ``reads`` tells how often."""

    def __init__(self, value: str | None = "0123456789") -> None:
        self.value, self.reads = value, 0

    def read(self) -> str | None:
        self.reads += 1
        return self.value


def shelf_of(most: int) -> Shelf[str | None]:
    return Shelf(most, lambda value: len(value or ""))


@pytest.mark.parametrize("value", ["some", "", None], ids=["some", "empty", "none"])
def test_what_fits_is_read_once(value: str | None) -> None:
    shelf, owner = shelf_of(100), Owner(value)
    assert [shelf.of(owner, owner.read) for _ in range(3)] == [value] * 3
    assert owner.reads == 1


def test_owners_do_not_get_the_values_of_each_other() -> None:
    shelf, owners = shelf_of(100), [Owner(str(number)) for number in range(3)]
    assert [shelf.of(owner, owner.read) for owner in owners * 2] == ["0", "1", "2"] * 2
    assert [owner.reads for owner in owners] == [1, 1, 1]


def test_those_that_were_not_asked_for_longest_make_room() -> None:
    shelf, owners = shelf_of(25), [Owner() for _ in range(3)]
    for owner in (owners[0], owners[1], owners[0], owners[2], owners[0], owners[1]):
        shelf.of(owner, owner.read)
    assert [owner.reads for owner in owners] == [1, 2, 1]


def test_one_that_is_larger_than_the_bound_is_kept_until_the_next() -> None:
    shelf, large, small = shelf_of(5), Owner(), Owner("s")
    for owner in (large, large, small, small, large):
        shelf.of(owner, owner.read)
    assert (large.reads, small.reads) == (2, 1)
