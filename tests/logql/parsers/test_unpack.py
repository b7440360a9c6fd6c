"""``| unpack``: what the language page says, and the kernel against the row parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.parsers.rows import Row
from logql.parsers.unpack import UnpackExtractor
from logql.parsers.unpack_rows import unpack_row
from tests.logql.parsers.reading import broken, extract, load
from tests.logql.parsers.test_json import DOCUMENTS, PIECES

load()

NOT_PACKED = "expecting json object(6), but it is not"


def read(line: str, needed: frozenset[str] | None = None) -> Row:
    """``line`` is None where it stays what it was."""
    (row,) = extract(UnpackExtractor(), [line], needed)
    return Row(row.labels, row.error, row.has_error, line=None if row.line == line else row.line)


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ('{"a":"x","_entry":"was \\"this\\"","a":"y"}', Row({"a": "y"}, line='was "this"')),
        ('{"_entry":"1","_entry":"2","k-1":"é�"}', Row({"k_1": "é "}, line="2")),
        ('{"n":1,"o":{"a":"x"},"l":["a"],"t":true,"_entry":""}', Row(line="")),
        ('{"_entry":"e","a":1,"b":null,"c":"\\ud800"}', Row({"c": ""}, line="e")),
        (r'{"_entr\u0079":"e","\u0061":"x"}', Row({"a": "x"}, line="e")),
        ('{"_entry":"e","":"x","-entry":"y"}', Row({"_entry": "y"}, line="e")),
        ('{"_entry":1,"a":"x"}', Row()),
        ('{"a":"x"}', Row()),
        ("{}", Row()),
        ("", Row()),
        ("plain", Row({}, NOT_PACKED, has_error=True)),
        (' {"_entry":"e"}', Row({}, NOT_PACKED, has_error=True)),
        ('{"_entry":"e","a":"x"', Row({}, "Value is array, but can't find closing ']' symbol", has_error=True)),
        ('{"_entry":"e",a', Row({}, "Value looks like object, but can't find closing '}' symbol", has_error=True)),
    ],
)
def test_an_object_with_an_entry_is_unpacked(line: str, row: Row) -> None:
    assert read(line) == row


def test_the_entry_becomes_the_line_whatever_labels_are_needed() -> None:
    assert read('{"a":"x","b":"y","_entry":"e"}', frozenset("b")) == Row({"b": "y"}, line="e")
    assert read('{"a":"x","_entry":"e"}', frozenset(["_entry"])) == Row(line="e")


@given(
    st.lists(broken(DOCUMENTS, [*PIECES, '"_entry":"e",', '{"_entry":"e"']), max_size=6),
    st.none() | st.frozensets(st.sampled_from(["a", "level", "_0"])),
)
def test_the_kernel_answers_as_the_row_parser(lines: list[str], needed: frozenset[str] | None) -> None:
    expected = [unpack_row(line.encode(), needed) for line in lines]
    found = extract(UnpackExtractor(), lines, needed)
    assert [(row.labels, row.error, row.has_error) for row in found] == [
        (row.labels, row.error, row.has_error) for row in expected
    ]
    assert [row.line for row in found] == [
        line if row.line is None else row.line for line, row in zip(lines, expected, strict=True)
    ]
