"""``| json a="o.k"``: the table of the language page, and the kernel against the row parser on whatever lines come."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.ast.extraction import Extraction
from logql.parsers.json_path_rows import path_row
from logql.parsers.json_paths import JsonPathExtractor
from logql.parsers.key_table import MAX_ENTRIES
from logql.parsers.rows import Row
from logql.syntax.json_expression import parse_json_expression
from tests.logql.parsers.reading import broken, extract, load

load()

DOCUMENT = (
    '{"s":"x","n":1.50,"b":true,"z":null,"o":{"k":"v","a":[1,{"q":"r"}]},'
    '"arr":[1,"two",null,{"x":{"y":"deep"}},[7,8]],"k.d":"dot"}'
)
MALFORMED, UNKNOWN_TYPE = "Malformed JSON error", "Unknown value type"


def read(line: str, *expressions: str, needed: frozenset[str] | None = None) -> Row:
    """Identifiers are the expressions themselves."""
    extractor = JsonPathExtractor([Extraction(each, each) for each in expressions])
    (row,) = extract(extractor, [line], needed)
    return row


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("s", "x"),
        ("n", "1.50"),
        ("b", "true"),
        ("z", ""),
        ("o", '{"k":"v","a":[1,{"q":"r"}]}'),
        ("arr", '[1,"two",null,{"x":{"y":"deep"}},[7,8]]'),
        ("o.k", "v"),
        ("o.a[1].q", "r"),
        ("arr[1]", "two"),
        ("arr[3].x.y", "deep"),
        ("arr[4][1]", "8"),
        ("arr[2]", ""),
        ('["k.d"]', "dot"),
        ('o["k"]', "v"),
    ],
)
def test_paths_lead_to_values_of_any_type(expression: str, value: str) -> None:
    assert read(DOCUMENT, expression) == Row({expression: value})


@pytest.mark.parametrize("expression", ["arr[9]", "k", "o.k.x", "arr.x", "o[0]", "arr[1].x", "arr[4][2]", "s.x", "x"])
def test_a_path_that_leads_nowhere_leaves_the_line_incomplete(expression: str) -> None:
    assert read(DOCUMENT, expression) == Row(is_complete=False)


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("", Row()),
        (' {"a":1}', Row(has_error=True)),
        ("not json", Row(has_error=True)),
        ('"just a string"', Row(is_complete=False)),
        ('"a":1', Row({}, MALFORMED, has_error=True, is_complete=False)),
        ('{"broken": ', Row(is_complete=False)),
        ('{"a": ', Row({}, MALFORMED, has_error=True, is_complete=False)),
        ('{"a":tru,"b":2}', Row({"b": "2"}, UNKNOWN_TYPE, has_error=True, is_complete=False)),
        ('{"b":[}],"a":1 "b":2', Row({"a": "1", "b": "[}]"})),
        ('{"a":1}{"b":2}', Row({"a": "1", "b": "2"})),
        (r'{"\u0061":"\ud800","b":"\u00e9�"}', Row({"a": "", "b": "é "})),
        ('{"a":1,"a":2,"b":{"a":3}}', Row({"a": "1", "b": '{"a":3}'})),
        ('{"z":{"a":1,"b":2}}', Row(is_complete=False)),
    ],
)
def test_odd_lines_give_what_can_be_seen(line: str, row: Row) -> None:
    assert read(line, "a", "b") == row


def test_elements_of_a_top_level_array_are_reached() -> None:
    assert read('[{"a":1},{"a":"x"}]', "[1].a") == Row({"[1].a": "x"})


def test_an_index_is_not_the_key_of_that_name() -> None:
    assert read('{"a":{"0":"key"}}', "a[0]", 'a["0"]') == Row({'a["0"]': "key"}, is_complete=False)


def test_two_identifiers_may_share_a_path() -> None:
    extractor = JsonPathExtractor([Extraction("x", "a"), Extraction("y", '["a"]')])
    assert extract(extractor, ['{"a":1}', "{}"]) == [Row({"x": "1", "y": "1"}), Row(is_complete=False)]


def test_paths_that_nobody_needs_are_not_looked_for() -> None:
    assert read('{"a":tru,"b":1}', "a", "b", needed=frozenset("b")) == Row({"b": "1"})
    seen = read('{"a":tru,"b":1}', "a", "b", needed=frozenset(["b", "__error__"]))
    assert seen == Row({"b": "1"}, UNKNOWN_TYPE, has_error=True, is_complete=False)
    assert read("no json", "a", needed=frozenset("x")) == Row()


def test_more_paths_than_there_is_room_for_are_read_all_the_same() -> None:
    expressions = [f"k{i}" for i in range(MAX_ENTRIES + 1)]
    row = read('{"k0":1,"k4096":2}', *expressions)
    assert row == Row({"k0": "1", "k4096": "2"}, is_complete=False)


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    deep = '{"x":' * 20_000
    assert read(f"{deep}1{'}' * 20_000}", "x.x.a") == Row(is_complete=False)
    assert read("[" * 20_000, "[0]" * 100) == Row(is_complete=False)


EXPRESSIONS = ["a", "b", "a.b", "a.b.a", "b.a", "a[0]", "a[1].b", "[0]", "[1].a", 'b["k d"]', '["é"]']
KEYS = st.sampled_from(["a", "b", "k d", "é", 'q"', ""])
SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.sampled_from([*'ab{}[]:,"\\', "�"]), max_size=5)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
DOCUMENTS = (st.dictionaries(KEYS, VALUES, max_size=4) | VALUES).map(json.dumps)
PIECES = [*'{}[]",:\\1 é', "tru", "null", '"a":', '"b":1,', "x{"]
LINES = broken(DOCUMENTS, PIECES) | st.text(st.sampled_from('{}[]":,ab1 '), max_size=14)


@given(st.lists(LINES, max_size=5), st.lists(st.sampled_from(EXPRESSIONS), min_size=1, max_size=4, unique=True))
def test_the_kernel_answers_as_the_row_parser(lines: list[str], expressions: list[str]) -> None:
    paths = {each: parse_json_expression(each) for each in expressions}
    extractor = JsonPathExtractor([Extraction(each, each) for each in expressions])
    assert extract(extractor, lines) == [path_row(line.encode(), paths) for line in lines]


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.sampled_from(EXPRESSIONS))
def test_paths_into_whole_documents_are_followed_part_by_part(document: dict[str, object], expression: str) -> None:
    value: object = document
    for part in parse_json_expression(expression):
        is_inside = isinstance(value, dict | list) and isinstance(value, dict) == isinstance(part, str)
        try:
            value = value[part] if is_inside else None  # type: ignore[index]
        except (KeyError, IndexError):
            is_inside = False
        if not is_inside:
            assert read(json.dumps(document), expression) == Row(is_complete=False)
            return
    found = read(json.dumps(document), expression).labels[expression]
    if isinstance(value, str):
        assert found == value.replace("�", " ")
    else:
        assert (found or "null") == json.dumps(value)
