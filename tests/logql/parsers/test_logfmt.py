"""``| logfmt``: the table of the language page, and the kernel against the row parser on whatever lines come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.parsers.key_table import MAX_ENTRIES
from logql.parsers.logfmt import LogfmtExtractor
from logql.parsers.logfmt_rows import logfmt_row
from logql.parsers.rows import Row
from tests.logql.parsers.reading import broken, extract, load

load()

# line, labels, labels before the first defect, position and cause of that
TABLE = [
    ('foo=1 "bar"=2 zed=3', {"foo": "1", "zed": "3"}, {"foo": "1"}, "7 : unexpected '\"'"),
    ("foo=a=b zed=3", {"zed": "3"}, {}, "6 : unexpected '='"),
    ("=x zed=3", {"zed": "3"}, {}, "1 : unexpected '='"),
    (r'foo="bad\q" zed=3', {"zed": "3"}, {}, "12 : invalid quoted value"),
    ('foo="unterminated bar=1', {}, {}, "24 : unterminated quoted value"),
    ('foo=x"y" zed=3', {"zed": "3"}, {}, "6 : unexpected '\"'"),
    ("foo='a b' zed=3", {"foo": "'a", "zed": "3"}, None, None),
    ("é=1 k.k=v 1d=5", {"_": "1", "k_k": "v", "_1d": "5"}, None, None),
    ("a b=c d", {"b": "c"}, None, None),
    ('foo="a"bar=2', {"foo": "a", "bar": "2"}, None, None),
    ("foo= foo=2 foo=3", {"foo": "2"}, None, None),
    ('foo="" foo=2', {"foo": "2"}, None, None),
    ("a=1\tb=2\x00c=3\nd=4", {"a": "1", "b": "2", "c": "3", "d": "4"}, None, None),
    ("\u00a0=1 \u00a0a\u3000=2", {"a": "2"}, None, None),
    ('a=x�y b="x�y" c="\\ufffd\\ud800"', {"a": "x y", "b": "x y", "c": "  "}, None, None),
    (r'a="\"\\\/\'\b\f\n\r\t" b="\u00e9\ud83d\ude00"', {"a": "\"\\/'\b\f\n\r\t", "b": "é😀"}, None, None),
    ('a="tab\there"', {"a": "tab\there"}, None, None),
    ('a="tab\t\\n" b=1', {"b": "1"}, {}, "11 : invalid quoted value"),
    ('a="\\u12" b=1', {"b": "1"}, {}, "9 : invalid quoted value"),
    ('a="\\', {}, {}, "5 : unterminated quoted value"),
    ("z=1 b�=2 c=3", {"z": "1", "c": "3"}, {"z": "1"}, "9 : invalid key"),
    ("b� c=3", {"c": "3"}, {}, "5 : invalid key"),
    ('foo"bar=1 c=3', {"c": "3"}, {}, "4 : unexpected '\"'"),
    ("", {}, None, None),
    (" \t", {}, None, None),
]


@pytest.mark.parametrize(("line", "labels", "strict_labels", "cause"), TABLE)
def test_pairs_become_labels(line: str, labels: dict[str, str], strict_labels: dict[str, str], cause: str) -> None:
    strict = Row(labels)
    if cause is not None:
        strict = Row(strict_labels, f"logfmt syntax error at pos {cause}", has_error=True)
    assert logfmt_row(line.encode(), strict=False, keep_empty=False) == Row(labels)
    assert logfmt_row(line.encode(), strict=True, keep_empty=False) == strict
    assert extract(LogfmtExtractor(strict=False, keep_empty=False), [line]) == [Row(labels)]
    assert extract(LogfmtExtractor(strict=True, keep_empty=False), [line]) == [strict]


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("foo='a b' zed=3", {"foo": "'a", "b_": "", "zed": "3"}),
        ("a=1 b= c d=\"\" e='single'", {"a": "1", "b": "", "c": "", "d": "", "e": "'single'"}),
        ("a= a=1", {"a": ""}),
        ("a a=1", {"a": ""}),
        ("=novalue key= =", {"key": ""}),
        ("just words", {"just": "", "words": ""}),
    ],
)
def test_empty_values_are_kept_on_request(line: str, labels: dict[str, str]) -> None:
    assert extract(LogfmtExtractor(strict=False, keep_empty=True), [line]) == [Row(labels)]


def test_a_defect_behind_the_last_needed_label_is_not_seen() -> None:
    extractor = LogfmtExtractor(strict=True, keep_empty=False)
    assert extract(extractor, ["a=1 ==="], frozenset("a")) == [Row({"a": "1"})]
    assert extract(extractor, ["a=1 ==="], frozenset(["a", "__error__"]))[0].has_error


def test_more_keys_than_there_is_room_for_are_read_all_the_same() -> None:
    lines = [f"k{i}={i} same=x =" for i in range(MAX_ENTRIES + 50)]
    expected = [logfmt_row(line.encode(), strict=True, keep_empty=False) for line in lines]
    assert extract(LogfmtExtractor(strict=True, keep_empty=False), lines) == expected


KEYS = st.sampled_from(["a", "b", "level", "k-1", "k.1", "1d", "é", "\u00a0", "\u00a0a", "�", "x" * 40])
PLAIN = st.text(st.sampled_from([*"ab1{}[]:,\\/'", "é", "�", "😀"]), max_size=6)
INSIDE = [*"ab= \t'/", '\\"', "\\\\", "\\n", "\\u00e9", "\\ud83d", "\\ude00", "\\q", "é", "�"]
QUOTED = st.lists(st.sampled_from(INSIDE), max_size=6).map("".join)
PAIRS = st.builds("=".join, st.tuples(KEYS, PLAIN | QUOTED.map('"{}"'.format))) | KEYS
DOCUMENTS = st.lists(PAIRS, max_size=6).map(" ".join)
PIECES = ["=", '"', " ", "\\", "\x00", "\t", "a=", "�", "é", "\\u"]
LINES = broken(DOCUMENTS, PIECES) | st.text(st.sampled_from('ab= "\\u0'), max_size=14) | st.text(max_size=10)
NEEDED = st.none() | st.frozensets(st.sampled_from(["a", "b", "level", "k_1", "_1d", "_", "__error__"]), max_size=3)


@given(st.lists(LINES, max_size=6), NEEDED, st.booleans(), st.booleans())
def test_the_kernel_answers_as_the_row_parser(
    lines: list[str], needed: frozenset[str] | None, strict: bool, keep_empty: bool
) -> None:
    expected = [logfmt_row(line.encode(), strict, keep_empty, needed) for line in lines]
    if needed is not None and not needed:
        expected = [Row()] * len(lines)
    assert extract(LogfmtExtractor(strict, keep_empty), lines, needed) == expected


@given(LINES, NEEDED, st.booleans())
def test_needed_labels_are_those_of_all(line: str, needed: frozenset[str] | None, strict: bool) -> None:
    everything = logfmt_row(line.encode(), strict, True)
    some = logfmt_row(line.encode(), strict, True, needed)
    wanted = {name: text for name, text in everything.labels.items() if needed is None or name in needed}
    assert some.labels == wanted
    assert everything.has_error or not some.has_error
