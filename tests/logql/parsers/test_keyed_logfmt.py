"""``| logfmt a="key"``: what the language page says, and the kernel against the row parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.ast.extraction import Extraction
from logql.parsers.keyed_logfmt import KeyedLogfmtExtractor, targets_of
from logql.parsers.logfmt_rows import keyed_row
from logql.parsers.rows import Row
from tests.logql.parsers.reading import broken, extract, load
from tests.logql.parsers.test_logfmt import DOCUMENTS, PIECES

load()

EXTRACTIONS = [Extraction("a", "foo"), Extraction("zed", "zed"), Extraction("k", '"k_1"')]


def read(line: str, strict: bool = False, extractions: list[Extraction] = EXTRACTIONS) -> Row:
    (row,) = extract(KeyedLogfmtExtractor(extractions, strict), [line])
    assert not row.is_complete  # identifiers begin as "" on every line
    return Row(row.labels, row.error, row.has_error)


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("foo=1 foo=2", {"a": "2"}),
        ("foo=1 foo=", {"a": ""}),
        ("foo=1 foo", {"a": ""}),
        ("a=1", {"a": "1"}),
        ("foo=1 a=2 bar=3", {"a": "2"}),
        ("k-1=x k.1=y", {"k": "y"}),
        ("zed=x�y", {"zed": ""}),
        (r'zed="\ud800" foo="\u00e9"', {"zed": "", "a": "é"}),
        ("foo=a=b zed=3", {"zed": "3"}),
        ("other=1", {}),
        ("", {}),
    ],
)
def test_the_last_pair_of_a_key_counts(line: str, labels: dict[str, str]) -> None:
    assert read(line) == Row(labels)


def test_strict_reading_stops_at_the_first_defect() -> None:
    details = "logfmt syntax error at pos 12 : unexpected '='"
    assert read("foo=1 zed=2= foo=3", strict=True) == Row({"a": "1"}, details, has_error=True)


def test_two_identifiers_for_one_key_both_take_its_value() -> None:
    extractions = [Extraction("a", "foo"), Extraction("b", "foo")]
    assert read("foo=1 b=2", extractions=extractions) == Row({"a": "1", "b": "2"})
    assert read("b=2 foo=1", extractions=extractions) == Row({"a": "1", "b": "1"})


def test_a_key_that_is_asked_for_does_not_set_its_namesake() -> None:
    extractions = [Extraction("a", "b"), Extraction("b", "c")]
    assert read("b=1", extractions=extractions) == Row({"a": "1"})


def test_only_needed_identifiers_are_answered() -> None:
    (row,) = extract(KeyedLogfmtExtractor(EXTRACTIONS, strict=False), ["foo=1 zed=2"], frozenset(["zed", "foo"]))
    assert row.labels == {"zed": "2"}


NAMES = st.sampled_from(["a", "b", "level", "k_1", "_", "_1d"])


@given(
    st.lists(broken(DOCUMENTS, PIECES), max_size=5),
    st.dictionaries(NAMES, NAMES, min_size=1, max_size=4),
    st.booleans(),
)
def test_the_kernel_answers_as_the_row_parser(lines: list[str], keys: dict[str, str], strict: bool) -> None:
    extractions = [Extraction(name, key) for name, key in keys.items()]
    expected = [keyed_row(line.encode(), strict, targets_of(extractions)) for line in lines]
    found = extract(KeyedLogfmtExtractor(extractions, strict), lines)
    assert [Row(row.labels, row.error, row.has_error) for row in found] == expected
