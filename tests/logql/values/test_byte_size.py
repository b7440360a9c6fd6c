"""Humanised sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.values import format_byte_size, parse_byte_size
from logql.values.byte_size import format_iec_size

READ = [
    ("0", 0),
    ("5", 5),
    ("5B", 5),
    ("5 KiB", 5120),
    ("5kb", 5000),
    ("5K", 5000),
    ("5ki", 5120),
    ("1,000", 1000),
    ("1.5", 1),
    ("1.5GB", 1.5e9),
    ("1MiB", 1 << 20),
    ("2tib", 2 << 40),
    ("3 pb ", 3e15),
    ("1EiB", float(1 << 60)),
]


@pytest.mark.parametrize(("text", "size_bytes"), READ)
def test_sizes_are_read(text: str, size_bytes: float) -> None:
    assert parse_byte_size(text) == size_bytes


REFUSED = [
    ("", 'strconv.ParseFloat: parsing "": invalid syntax'),
    ("bad", 'strconv.ParseFloat: parsing "": invalid syntax'),
    ("-5B", 'strconv.ParseFloat: parsing "": invalid syntax'),
    (" 5B", 'strconv.ParseFloat: parsing "": invalid syntax'),
    ("1.2.3", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'),
    ("5xyz", "unhandled size name: xyz"),
    ("5 kb b", "unhandled size name: kb b"),
    ("999EB", "too large: 999EB"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_no_size_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"strconv|size|too") as caught:
        parse_byte_size(text)
    assert str(caught.value) == message


PRINTED = [
    (0, "0B"),
    (5, "5B"),
    (512, "512B"),
    (5000, "5.0kB"),
    (5100, "5.1kB"),
    (10_000, "10kB"),
    (5120, "5KiB"),
    (3 << 30, "3GiB"),
    (5121, "5121B"),
    (1245 * 10**6, "1245MB"),
    (8_768_000_000, "8768MB"),
    (1536 << 20, "1536MiB"),
    (1_234_500, "1234500B"),
]


@pytest.mark.parametrize(("size_bytes", "text"), PRINTED)
def test_sizes_print_short_where_that_is_exact(size_bytes: int, text: str) -> None:
    assert format_byte_size(float(size_bytes)) == text


@given(st.integers(0, 10**18).map(float))
def test_printed_sizes_read_back(size_bytes: float) -> None:
    assert parse_byte_size(format_byte_size(size_bytes)) == size_bytes


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (10 << 10, "10 KiB"),
        (12 << 30, "12 GiB"),
        (3 << 60, "3.0 EiB"),
    ],
)
def test_sizes_for_people(size_bytes: int, text: str) -> None:
    assert format_iec_size(size_bytes) == text
