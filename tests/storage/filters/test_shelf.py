"""Filters in memory: read once, also where there are none that can be read."""

from __future__ import annotations

import pytest

from storage.filters import kept_filters
from storage.filters.section import ChunkBitmaps, FilterTable

DATA = FilterTable.to_bytes([ChunkBitmaps(False, (0, 0, 800), (b"", b"", bytes(100)))])


class Part:
    def __init__(self, data: bytes | None = DATA) -> None:
        self.data, self.reads = data, 0

    def read(self) -> bytes | None:
        self.reads += 1
        return self.data


def test_what_fits_is_read_once() -> None:
    part = Part()
    found = kept_filters(part, part.read)
    assert found is not None
    assert kept_filters(part, part.read) is found
    assert part.reads == 1


@pytest.mark.parametrize("data", [None, b"", b"no filters at all"])
def test_a_part_without_readable_filters_is_not_asked_again(data: bytes | None) -> None:
    part = Part(data)
    assert [kept_filters(part, part.read) for _ in range(3)] == [None] * 3
    assert part.reads == 1
