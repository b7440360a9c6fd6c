"""Kinds of values, and sizes written compactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.detected.types import FieldType, compact_size, field_type
from logql.values import parse_byte_size


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0", "int"),
        ("1", "int"),
        ("-0", "int"),
        ("+7", "int"),
        ("007", "int"),
        ("9223372036854775807", "int"),
        ("9223372036854775808", "float"),
        ("-9223372036854775808", "int"),
        ("1" * 5000, "string"),  # beyond every float
        ("١", "string"),
        ("1_000", "float"),
        ("1.5", "float"),
        ("-3e5", "float"),
        ("NaN", "float"),
        ("Inf", "float"),
        ("0x1p-2", "float"),
        ("t", "boolean"),
        ("False", "boolean"),
        ("tRUE", "string"),
        ("yes", "string"),
        ("12ms", "duration"),
        ("1m30s", "duration"),
        ("-2h", "duration"),
        ("1d", "string"),
        ("2kb", "bytes"),
        ("1 GiB", "bytes"),
        ("1.5MB", "bytes"),
        ("10B", "bytes"),
        ("2 kb/s", "string"),
        ("kb", "string"),
        ("", "string"),
        ("10.0.0.1", "string"),
    ],
)
def test_the_narrowest_kind_counts(text: str, kind: str) -> None:
    assert field_type(text) == FieldType(kind)


@pytest.mark.parametrize(
    ("text", "compact"),
    [("2kb", "2.0kB"), ("59kb", "59kB"), ("59KB", "59kB"), ("1 GiB", "1GiB"), ("10B", "10B"), ("12345 B", "12345B")],
)
def test_sizes_are_written_compactly(text: str, compact: str) -> None:
    assert compact_size(text) == compact
    assert parse_byte_size(compact) == parse_byte_size(text)


@given(st.text() | st.from_regex(r"[0-9.]{1,6} ?[kKmMbBisµ]{0,3}", fullmatch=True))
def test_only_sizes_are_rewritten_and_lose_nothing(text: str) -> None:
    compact = compact_size(text)
    if field_type(text) is FieldType.BYTES:
        assert parse_byte_size(compact) == parse_byte_size(text)
    else:
        assert compact == text
