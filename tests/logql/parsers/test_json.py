"""``| json``: the tables of the language page, and the kernel against the row parser on whatever lines come."""

from __future__ import annotations

import json
import string

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.parsers.json import JsonExtractor
from logql.parsers.json_rows import json_row
from logql.parsers.key_table import MAX_ENTRIES
from logql.parsers.rows import Row
from tests.logql.parsers.reading import broken, extract, load, rows_of

load()

NO_OBJECT_END = "Value looks like object, but can't find closing '}' symbol"
NO_ARRAY_END = "Value is array, but can't find closing ']' symbol"
NO_STRING_END = "Value is string, but can't find closing '\"' symbol"
MALFORMED = "Malformed JSON error"
UNKNOWN_TYPE = "Unknown value type"

GOOD = [
    (
        r'{"a":1,"b":"x","c":null,"d":[1,2],"e":{"f":true,"g h":"q","":"z"},"h":1.0,"i":1e5,"":"empty","0n":"n",'
        r'"k-1":"v","u":"\u00e9\n","emp":""}',
        {"a": "1", "b": "x", "e": "z", "e_f": "true", "e_g_h": "q", "h": "1.0", "i": "1e5"}
        | {"_0n": "n", "k_1": "v", "u": "é\n", "emp": ""},
    ),
    (
        '{"a":1,"a":2,"app":"inner","e":{"app":"n2"},"lvl":{"x":1}}',
        {"a": "1", "app": "inner", "e_app": "n2", "lvl_x": "1"},
    ),
    (r'  {"a" : "x\qy", "b":"😀", "c":"\ud83d\ude00","d":"\ud83d"}', {"a": "", "b": "😀", "c": "😀", "d": ""}),
    (
        '{"a":-5,"b":false,"c":{},"d":{"e":{"f":{"g":"deep"}}},"x_y":"1","x":{"y":"2"}}',
        {"a": "-5", "b": "false", "d_e_f_g": "deep", "x_y": "1"},
    ),
    ('{"x":{"y":"2"},"x_y":"1"}', {"x_y": "2"}),
    ('{"a":1} trailing', {"a": "1"}),
    ('{"a":1,}', {"a": "1"}),
    ("\t\r\n {}", {}),
    (
        '{"a":1.50,"b":-0.0,"c":1e400,"d":1abc,"e":--1}',
        {"a": "1.50", "b": "-0.0", "c": "1e400", "d": "1abc", "e": "--1"},
    ),
    ('{"a":{"0":1}, "b":{" ":{"c":2}}, "": {"7":3}}', {"a_0": "1", "b_c": "2", "_7": "3"}),
    ('{" é ":1,"\u00a0k\u3000":2,"\u2003":3}', {"_": "1", "k": "2"}),
    (
        r'{"a":"\ufffd","b":"x�y","c":"\"\\\/\b\f\n\r\t","d":"\'","e":"\udc00\ud800"}',
        {"a": " ", "b": "x y", "c": '"\\/\b\f\n\r\t', "d": "", "e": ""},
    ),
    (r'{"k\u0065y":1,"\ud83d\ude00":2}', {"key": "1", "_": "2"}),
    ('{"a":[{"b":"}"},"]"],"c":{"d":"{"}}', {"c_d": "{"}),
    ('{"a":null,"a":1}', {"a": "1"}),
]

DEFECTS = [
    ("", {}, NO_OBJECT_END),
    (" \t", {}, NO_OBJECT_END),
    ("not json", {}, NO_OBJECT_END),
    ('["a",1]', {}, NO_OBJECT_END),
    ("{a:1}", {}, NO_OBJECT_END),
    ('{"a":1 "b":2}', {"a": "1"}, NO_OBJECT_END),
    ('{"a":1,,}', {"a": "1"}, NO_OBJECT_END),
    ('{"a":{"b":1', {}, NO_OBJECT_END),
    ('{"z":0,"a":{"b":1,"c"', {"z": "0"}, NO_OBJECT_END),
    ('{"a":{"b":1 "c":2},"d":3}', {"a_b": "1"}, NO_OBJECT_END),
    ('{"a":{b:1},"d":3}', {}, NO_OBJECT_END),
    ("{", {}, MALFORMED),
    ('{"a', {}, MALFORMED),
    (r'{"a\"', {}, MALFORMED),
    ('{"a"}', {}, MALFORMED),
    ('{"a" 1}', {}, MALFORMED),
    ('{"a":1,"b":', {"a": "1"}, MALFORMED),
    ('{"a":1abc,"b":tru}', {"a": "1abc"}, UNKNOWN_TYPE),
    *((f'{{"a":{word}}}', {}, UNKNOWN_TYPE) for word in ("undefined", "NaN", ".5", "+1", "nul", "True", "")),
    ('{"z":1,"a":"x', {"z": "1"}, NO_STRING_END),
    ('{"z":1,"a":[1', {"z": "1"}, NO_ARRAY_END),
    ('{"a":["]', {}, NO_ARRAY_END),
    ('{"a":1', {"a": "1"}, NO_ARRAY_END),
    ('{"a":1, ', {"a": "1"}, NO_ARRAY_END),
    (r'{"z":1,"a\q":1}', {"z": "1"}, "Encountered an invalid escape sequence in a string"),
    (r'{"\ud800":1}', {}, "Encountered an invalid escape sequence in a string"),
    ('{"a":{"b":[}]},"c":1}', {}, NO_ARRAY_END),
]


@pytest.mark.parametrize(("line", "labels"), GOOD)
def test_members_become_labels(line: str, labels: dict[str, str]) -> None:
    assert json_row(line.encode()) == Row(labels)
    assert extract(JsonExtractor(), [line]) == [Row(labels)]


@pytest.mark.parametrize(("line", "labels", "details"), DEFECTS)
def test_a_defect_keeps_the_labels_before_it(line: str, labels: dict[str, str], details: str) -> None:
    assert json_row(line.encode()) == Row(labels, details, has_error=True)
    assert extract(JsonExtractor(), [line]) == [Row(labels, details, has_error=True)]


def test_a_defect_behind_the_last_needed_label_is_not_seen() -> None:
    line = '{"a":{"b":1},"c":2,broken'
    found = Row({"a_b": "1", "c": "2"})
    assert extract(JsonExtractor(), [line], frozenset(["a_b", "c"])) == [found]
    assert extract(JsonExtractor(), [line], frozenset(["c", "a_b", "__error__"])) == [
        Row(found.labels, NO_OBJECT_END, has_error=True)
    ]


def test_a_defect_in_an_object_that_holds_nothing_needed_is_not_seen() -> None:
    line = '{"a":{"b":broken},"c":2}'
    assert extract(JsonExtractor(), [line], frozenset(["c", "__error__"])) == [Row({"c": "2"})]
    assert extract(JsonExtractor(), [line], frozenset(["c", "a_b"])) == [Row({}, UNKNOWN_TYPE, has_error=True)]


def test_where_nothing_is_needed_no_defect_is_seen() -> None:
    assert extract(JsonExtractor(), ["not json"], frozenset()) == [Row()]


@pytest.mark.parametrize("depth", [15, 16, 17, 20_000])
def test_deep_nesting_is_read(depth: int) -> None:
    line = '{"":' * depth + '{"a":1}' + "}" * depth
    assert extract(JsonExtractor(), [line, line[:-2]]) == [Row({"a": "1"}), Row({}, NO_OBJECT_END, has_error=True)]


def test_more_keys_than_there_is_room_for_are_read_all_the_same() -> None:
    lines = [f'{{"k{i}":{i},"same":"x"}}' for i in range(MAX_ENTRIES + 50)]
    assert extract(JsonExtractor(), lines) == [json_row(line.encode()) for line in lines]


def test_a_batch_without_lines_has_no_columns() -> None:
    assert rows_of(JsonExtractor().extract(pa.array([], pa.string()), None)) == []


ASCII_KEYS = ["a", "b", "a_b", "level", "k-1", "0", "0n", "", " ", " a ", 'q"', "b\\", "x" * 40]
KEYS = st.sampled_from([*ASCII_KEYS, "é", "é\u00a0", "\u00a0a", "�"])
TEXTS = st.text(st.sampled_from([*'ab{}[]:,"\\/\n\t', "é", "\ufffd", "�", "😀", "\u2028"]), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
DOCUMENTS = st.builds(
    lambda value, ascii_only, blanks: json.dumps(
        value, ensure_ascii=ascii_only, separators=(", ", " : ") if blanks else (",", ":")
    ),
    st.dictionaries(KEYS, VALUES, max_size=5),
    st.booleans(),
    st.booleans(),
)
PIECES = [*'{}[]",:\\1 -é�', "\\u", "\\ud83d", "tru", "null", '"a":', '"b":1,', "x{"]
LINES = broken(DOCUMENTS, PIECES) | st.text(st.sampled_from('{}[]":,\\u0 -1tn'), max_size=14) | st.text(max_size=10)
NEEDED = st.none() | st.frozensets(
    st.sampled_from(["a", "b", "a_b", "a_a", "b_a_b", "level", "_0", "_", "k_1", "__error__", "a_0n"]), max_size=4
)


@given(st.lists(LINES, max_size=6), NEEDED)
def test_the_kernel_answers_as_the_row_parser(lines: list[str], needed: frozenset[str] | None) -> None:
    assert extract(JsonExtractor(), lines, needed) == [json_row(line.encode(), needed) for line in lines]


@given(LINES, NEEDED)
def test_needed_labels_are_those_of_all(line: str, needed: frozenset[str] | None) -> None:
    everything, some = json_row(line.encode()), json_row(line.encode(), needed)
    wanted = {name: text for name, text in everything.labels.items() if needed is None or name in needed}
    if everything.has_error:
        assert wanted.items() <= some.labels.items()
    else:
        assert some == Row(wanted)


@given(st.dictionaries(st.text(string.ascii_lowercase, min_size=1), st.text(), max_size=5))
def test_what_json_writes_is_read_back(texts: dict[str, str]) -> None:
    expected = {name: text.replace("\ufffd", " ") for name, text in texts.items()}
    assert extract(JsonExtractor(), [json.dumps(texts)]) == [Row(expected)]
