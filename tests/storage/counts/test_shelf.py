"""The shelf keeps what was asked for lately, and no more than it may."""

from __future__ import annotations

from storage.counts.shelf import CountsShelf


class Owner:
    """A part whose counts are read; ``reads`` tells how often."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self) -> tuple[None]:
        self.reads += 1
        return (None,)


def test_counts_are_read_once() -> None:
    shelf, owner = CountsShelf(), Owner()
    assert shelf.of(owner, owner.read) == shelf.of(owner, owner.read) == (None,)
    assert owner.reads == 1


def test_owners_do_not_get_the_counts_of_each_other() -> None:
    shelf, owners = CountsShelf(), [Owner() for _ in range(3)]
    for owner in owners * 2:
        shelf.of(owner, owner.read)
    assert [owner.reads for owner in owners] == [1, 1, 1]


def test_those_that_were_not_asked_for_longest_make_room() -> None:
    shelf, owners = CountsShelf(most_cells=250), [Owner() for _ in range(3)]
    for owner in (owners[0], owners[1], owners[0], owners[2], owners[0], owners[1]):
        shelf.of(owner, owner.read)
    assert [owner.reads for owner in owners] == [1, 2, 1]
