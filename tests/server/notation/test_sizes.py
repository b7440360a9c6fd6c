"""Byte sizes of the configuration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.notation.sizes import format_size, parse_size


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [("0B", 0), ("0", 0), ("1000", 1000), ("256KB", 262144), ("1.5MB", 1572864), ("64 kb", 65536), ("2GiB", 2 << 30)],
)
def test_sizes_are_read(text: str, size_bytes: int) -> None:
    assert parse_size(text) == size_bytes


@pytest.mark.parametrize("text", ["", "KB", "-1", "1XB", "1,5MB", "1e3", "one"])
def test_what_is_no_size_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 256KB"):
        parse_size(text)


@given(st.integers(0, 1 << 50))
def test_what_is_printed_reads_back(size_bytes: int) -> None:
    assert parse_size(format_size(size_bytes)) == size_bytes
