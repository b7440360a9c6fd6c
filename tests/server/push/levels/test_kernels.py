"""The level of a line: the table of the API page, and kernel and twin agree on whatever lines come."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.limits import LEVEL_FIELDS
from server.push.levels.kernels import fill_levels
from server.push.levels.plain import level_of_line
from server.push.levels.words import CODE_OF_WORD, LEVELS, ODD, OPEN

fill_levels.load()

FIELDS = [name.encode() for name in LEVEL_FIELDS]


def kernel_codes(lines: list[bytes], depth: int = 2) -> list[int]:
    offsets = np.cumsum([0, *map(len, lines)], dtype=np.int32)
    names = np.frombuffer(b"".join(FIELDS), np.uint8)
    name_offsets = np.cumsum([0, *map(len, FIELDS)], dtype=np.int32)
    codes = np.full(len(lines), OPEN, np.int32)
    fill_levels(offsets, np.frombuffer(b"".join(lines), np.uint8), names, name_offsets, depth, codes)
    return codes.tolist()


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("ERROR: x", "error"),
        ("[WARN] x", "warn"),
        ("foo:error", "unknown"),
        ("errors", "unknown"),
        ("ERR!", "error"),
        ("level=foo error", "error"),
        ("level=notice", "unknown"),
        ("debug trace", "debug"),
        ("<error>", "unknown"),
        ("/error/", "unknown"),
        ('{"level":"WARN"}', "warn"),
        ('{"a":{"level":"error"}}', "error"),
        ('{"level":1,"msg":"error happened"}', "error"),
        ('{"lvl":"info","level":"error"}', "info"),
        ('{"LeVeL":"error"}', "error"),
        ("LeVeL=error a=b", "error"),
        ('msg="a" severity=warn lvl=error', "warn"),
        ("time=1 error=nil", "error"),
        ("I0101 foo", "unknown"),
        ("", "unknown"),
        ("information", "unknown"),
        ("level=information", "info"),
        ("level=trc", "trace"),
        ("lvl=dbg", "debug"),
        ('level="err" x=1', "error"),
        ('  {"severity":"Critical"}  ', "critical"),
        ('{"severity_text":"wrn"}', "warn"),
        ('{"a":{"b":{"level":"wrn"}}}', "unknown"),
        ('{"a":{"b":{"level":"warn"}}}', "warn"),
        ('{"a":[{"level":"wrn"}],"lvl":"dbg"}', "debug"),
        ('{"a":{"b":{"x":"}"}},"lvl":"dbg"}', "debug"),
        ('{"l\\u0076l":"dbg"}', "debug"),
        ('{"a":"\\"","lvl":"dbg"}', "debug"),
        ('{"lvl":"dbg"', "unknown"),
        ('{"lvl" "dbg"}', "unknown"),
        ('{"a":,"lvl":"dbg"}', "unknown"),
        ("level=wrn level=err", "warn"),
        ("lvl=wrn level=err", "error"),
        ('x="a \\" level=err" lvl=wrn', "warn"),
        ('x="a\\d" lvl=wrn', "unknown"),
        ('x"y lvl=wrn', "unknown"),
        ("a=b=c lvl=wrn", "unknown"),
        ("=a lvl=wrn", "unknown"),
        ('x="never closed lvl=wrn', "unknown"),
        ("ſeverity=wrn", "warn"),
        ("İnfo", "info"),
        ('\u00a0{"lvl":"dbg"}', "debug"),
        ("(fatal)", "fatal"),
        ("a,fatal", "unknown"),
        ("fatal,a", "fatal"),
        ("warning: hot", "warn"),
        ("warnings", "unknown"),
        ("a\nerror\nb", "error"),
        ("trace-id=5", "unknown"),
    ],
)
def test_the_level_of_a_line(line: str, level: str) -> None:
    code = level_of_line(line.encode(), FIELDS, 2)
    assert LEVELS[code] == level
    assert kernel_codes([line.encode()])[0] in (code, ODD)


@pytest.mark.parametrize(("depth", "level"), [(1, "unknown"), (2, "unknown"), (3, "warn"), (0, "warn"), (-1, "warn")])
def test_depth_bounds_what_is_entered(depth: int, level: str) -> None:
    line = b'{"a":{"b":{"level":"wrn"}}}'
    assert LEVELS[level_of_line(line, FIELDS, depth)] == level
    assert LEVELS[kernel_codes([line], depth)[0]] == level


def test_common_lines_are_never_odd() -> None:
    lines = [
        '{"msg":"a \\"quoted\\" \\u00e9 wörd","level":"info"}',
        'msg="a \\"b\\" c" level=info',
        "größe info",
        "[INFO] ok",
    ]
    assert kernel_codes([line.encode() for line in lines]) == [LEVELS.index("info")] * 4


words = st.one_of(
    st.sampled_from([*CODE_OF_WORD, *LEVEL_FIELDS, "notice", "errors", "İnfo", "ſeverity", "a", "é"]).flatmap(
        lambda word: st.sampled_from([word, word.upper(), word.title()])
    ),
    st.text(max_size=4),
)
marks = st.sampled_from([*' \t\n[](){}:,!"=\\/.<', "=", ' "', '\\"', "\\u0065", "{}", '":"', '{"', '"}'])
plain_lines = st.lists(st.one_of(words, marks), max_size=12).map("".join)
json_values = st.recursive(
    st.one_of(words, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=8,
)
json_lines = st.builds(
    lambda value, ascii_only, blanks: json.dumps(value, ensure_ascii=ascii_only, indent=blanks),
    st.dictionaries(words, json_values, max_size=4),
    st.booleans(),
    st.sampled_from([None, 1]),
)
logfmt_lines = st.lists(
    st.builds(lambda key, value: f"{key}={value}", words, st.one_of(words, words.map(json.dumps))), max_size=5
).map(" ".join)


@st.composite
def cut(draw: st.DrawFn, lines: st.SearchStrategy[str]) -> str:
    line = draw(lines)
    at = draw(st.integers(0, len(line)))
    return line[:at] + draw(st.one_of(st.just(""), marks)) + line[at + draw(st.integers(0, 3)) :]


lines = st.one_of(plain_lines, json_lines, logfmt_lines, cut(json_lines), cut(logfmt_lines))


@given(batch=st.lists(lines, max_size=6), depth=st.integers(-1, 3))
def test_kernel_and_twin_agree_where_the_kernel_answers(batch: list[str], depth: int) -> None:
    encoded = [line.encode("utf-8", "replace") for line in batch]
    wanted = [level_of_line(line, FIELDS, depth) for line in encoded]
    got = kernel_codes(encoded, depth)
    assert [one if one != ODD else other for one, other in zip(got, wanted, strict=True)] == wanted


def test_rows_that_are_decided_stay_as_they_are() -> None:
    for run in (fill_levels, fill_levels.twin):
        codes = np.array([5, OPEN, 9], np.int32)
        offsets = np.array([0, 4, 8, 12], np.int32)
        data = np.frombuffer(b"infoinfoinfo", np.uint8)
        run(offsets, data, np.empty(0, np.uint8), np.zeros(1, np.int32), 2, codes)
        assert codes.tolist() == [5, LEVELS.index("info"), 9]
