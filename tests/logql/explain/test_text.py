"""Times, amounts and tables as plans write them."""

from __future__ import annotations

import pytest

from logql.explain.text import bytes_text, count_text, moment_text, table_text


@pytest.mark.parametrize(
    ("ts_ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (1_795_168_800_500_000_000, "2026-11-20T10:00:00.5Z"),
        (-3 * 2**63, "1093-03-03T00:38:09.435672576Z"),
    ],
)
def test_moments(ts_ns: int, text: str) -> None:
    assert moment_text(ts_ns) == text


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_540_000, "1.5 MB"), (10**30, "1000000000000.0 EB")],
)
def test_bytes(size_bytes: int, text: str) -> None:
    assert bytes_text(size_bytes) == text


@pytest.mark.parametrize(
    ("count", "noun", "text"), [(0, "row", "0 rows"), (1, "entry", "1 entry"), (2000, "entry", "2,000 entries")]
)
def test_counts(count: int, noun: str, text: str) -> None:
    assert count_text(count, noun) == text


def test_a_name_without_values_has_no_row_and_no_width() -> None:
    assert table_text([("a", ["1", "2"]), ("longer", []), ("bc", ["3"])], " ") == [" a   1", "     2", " bc  3"]
    assert table_text([]) == []
