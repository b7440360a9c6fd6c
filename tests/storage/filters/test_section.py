"""The bytes of the section, and what becomes of wrong ones."""

from __future__ import annotations

import pytest

from storage.filters.section import ChunkBitmaps, FilterTable

CHUNKS = [
    ChunkBitmaps(False, (8, 0, 17), (b"\x01", b"", b"\x02\x03\x04")),
    ChunkBitmaps(True, (0, 1, 9), (b"", b"\x05", b"\x06\x07")),
]
DATA = FilterTable.to_bytes(CHUNKS)


def test_bitmaps_are_where_the_table_says() -> None:
    table = FilterTable.from_bytes(DATA)
    assert table.hides_text.tolist() == [False, True]
    for number, chunk in enumerate(CHUNKS):
        for kind, bitmap in enumerate(chunk.bitmaps):
            start = table.starts[kind, number]
            assert table.slots[kind, number] == chunk.slots[kind]
            assert table.bitmaps[start : start + len(bitmap)].tobytes() == bitmap


def test_no_chunks_are_no_filters() -> None:
    assert FilterTable.from_bytes(FilterTable.to_bytes([])).slots.shape == (3, 0)


@pytest.mark.parametrize("data", [*(DATA[:size] for size in range(len(DATA))), DATA + b"x", b"\x02" + DATA[1:]])
def test_bytes_that_do_not_add_up_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"filters|buffer"):
        FilterTable.from_bytes(data)
