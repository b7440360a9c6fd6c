"""Filters in memory: read once, up to a bound."""

from __future__ import annotations

import pytest

from storage.filters.section import ChunkBitmaps, FilterTable
from storage.filters.shelf import FilterShelf

DATA = FilterTable.to_bytes([ChunkBitmaps(False, (0, 0, 800), (b"", b"", bytes(100)))])


class Part:
    def __init__(self, data: bytes | None = DATA) -> None:
        self.data, self.reads = data, 0

    def read(self) -> bytes | None:
        self.reads += 1
        return self.data


def test_what_fits_is_read_once() -> None:
    shelf, part = FilterShelf(1000), Part()
    assert shelf.get(part, part.read) is shelf.get(part, part.read)
    assert part.reads == 1


def test_the_longest_unused_ones_go_first() -> None:
    shelf, parts = FilterShelf(2 * len(DATA)), [Part() for _ in range(3)]
    for number in (0, 1, 0, 2, 0, 1):
        shelf.get(parts[number], parts[number].read)
    assert [part.reads for part in parts] == [1, 2, 1]


@pytest.mark.parametrize("data", [None, b"", b"no filters at all"])
def test_a_part_without_readable_filters_is_not_asked_again(data: bytes | None) -> None:
    shelf, part = FilterShelf(1000), Part(data)
    assert [shelf.get(part, part.read) for _ in range(3)] == [None] * 3
    assert part.reads == 1
