"""Mined patterns: each line matches the pattern of its template, and patterns say what lines have in common."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.patterns import miner as miner_module
from logql.patterns.miner import PatternMiner
from logql.patterns.pieces import Kind, split_words
from logql.patterns.template import Template, pattern_of, read_template, shape_and_words
from logql.stages.line_filter.pattern import pattern_matcher
from logql.syntax.pattern_expression import PatternExpression

words = st.sampled_from(["user", "bob", "logged", "in", "id7", "42", "é", "x" * 300, "10.0.0.1"])
separators = st.sampled_from([" ", "=", ': "', '" ', "[", "] ", ", "])
lines = st.builds(
    lambda pairs, last: "".join(map("".join, pairs)) + last,
    st.lists(st.tuples(words, separators), max_size=6),
    words,
)
anything = st.text(st.sampled_from('ab1 <>_=:"{}\\'), max_size=14)


def mined(sample: Iterable[str]) -> list[str]:
    miner = PatternMiner()
    miner.add(pa.array(sample, pa.string()))
    return [pattern_of(written) for written in miner.patterns().values()]


def matches(pattern: str, line: str) -> bool:
    return bool(pattern_matcher(pattern)(pa.array([line], pa.string()))[0])


@given(st.text(max_size=20) | anything)
def test_words_and_what_is_between_them_make_the_text(text: str) -> None:
    between, found = split_words(text.encode())
    assert len(between) == len(found) + 1
    assert all(between[1:-1])
    assert b"".join(piece for pair in zip(between, [*found, b""], strict=True) for piece in pair) == text.encode()


@given(st.lists(lines | anything, max_size=12), st.lists(lines | anything, max_size=12))
def test_every_line_matches_the_pattern_of_its_template(first: list[str], second: list[str]) -> None:
    miner = PatternMiner()
    numbers = [*miner.add(pa.array(first, pa.string())), *miner.add(pa.array(second, pa.string()))]
    patterns = miner.patterns()
    for line, number in zip([*first, *second], numbers, strict=True):
        assert number >= 0
        if number in patterns:
            pattern = pattern_of(patterns[number])
            PatternExpression.for_line_filter(pattern)
            assert matches(pattern, line), pattern


@given(st.lists(lines | anything, min_size=1, max_size=12))
def test_a_template_that_is_written_down_is_read_as_the_same_one(sample: list[str]) -> None:
    miner = PatternMiner()
    miner.add(pa.array(sample, pa.string()))
    for template in miner._templates:
        (kind, between), own = read_template(template.written)
        assert (kind, between, own) == (template.kind, template.between, template.words)
        assert Template(0, Kind(kind), between, own).written == template.written


@pytest.mark.parametrize("text", ["", "user", "?user"])
def test_what_is_no_template_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="no template"):
        read_template(text)


@pytest.mark.parametrize(
    ("sample", "patterns"),
    [
        (["user bob logged in", "user eve logged in"], ["user <_> logged in"]),
        (["took 5ms", "took 7ms"], ["took <_>"]),
        (["level=info msg=up", "level=warn msg=up"], ["level=<_> msg=up"]),
        (["up", "down"], ["down", "up"]),
        (["a b", "c d"], ["a b", "c d"]),
        (["1", "2"], []),  # nothing is left but the gap
        ([""], []),
        (['{"level":"info","msg":"job 1 done"}', '{"msg":"job 2 done","n":1}'], ["<_>job <_> done<_>"]),
        (['{"msg":"7 done"}', '{"msg":"8 done"}'], ["<_> done<_>"]),
        (['{"msg":"a \\"quoted\\" word"}'], ['<_>a \\"quoted\\" word<_>']),
        (['{"content":"no","msg":"yes"}', '{"msg":"yes","content":"no"}'], ["<_>yes<_>"]),
        (['{"msg":"","content":"yes"}'], ["<_>yes<_>"]),
        (['{"a":{"msg":"inner"},"b":["msg","x"],"n":null}'], ['{"a":{"msg":"inner"},"b":["msg","x"],"n":null}']),
        (['{"a":"msg","b":7 }'], ['{"a":"msg","b":7 }']),
        (['{"msg" : 7, "content" :\t"late"}'], ["<_>late<_>"]),
        (['{"broken'], ['{"broken']),
        (['{"msg":"broken'], ['{"msg":"broken']),
        (['{"msg":"whole","b":"broken'], ["<_>whole<_>"]),
        (["<b>bold</b> text"], ["<_></b> text"]),
        (["say <_> twice <_>"], ["say <_> twice <_>"]),
        (["see <x>yz now", "see <_> now"], ["see <_> now"]),
    ],
)
def test_cases(sample: list[str], patterns: list[str]) -> None:
    assert sorted(mined(sample)) == patterns
    for line in sample:
        assert not patterns or any(matches(pattern, line) for pattern in patterns)


@pytest.mark.parametrize("line", ["word " * 1000, "é" * 1000, json.dumps({"msg": "word " * 1000})])
def test_the_rest_of_a_long_line_is_a_gap(line: str) -> None:
    (pattern,) = mined([line])
    assert pattern.endswith("<_>")
    assert len(pattern.encode()) < 1100
    assert matches(pattern, line)


def test_the_message_of_a_huge_json_line_is_not_looked_for() -> None:
    (pattern,) = mined(['{"long":"' + "x y " * 10_000 + '","msg":"done"}'])
    assert pattern.startswith('{"long":"x y')


def test_a_shape_has_a_bounded_number_of_patterns() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert len(mined([f"{one} {two}" for one in letters for two in letters.upper()])) <= 16


def test_of_too_many_templates_those_of_few_lines_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(miner_module, "_MOST_TEMPLATES", 20)
    miner = PatternMiner()
    often = miner.add(pa.array(["often seen"] * 9, pa.string()))[0]
    for number in range(3):
        shapes = ["word" + " word" * (2 + number * 20 + more) for more in range(20)]
        miner.add(pa.array(shapes, pa.string()))
        assert len(miner._templates) <= 20
    assert pattern_of(miner.patterns()[often]) == "often seen"
    assert miner.add(pa.array(["often seen"], pa.string())).tolist() == [often]


def test_templates_have_a_bounded_number_of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(miner_module, "_MOST_WORDS", 300)
    miner = PatternMiner()
    often = miner.add(pa.array(["often seen"] * 9, pa.string()))[0]
    for number in range(4):
        miner.add(pa.array(["w " * (10 + number * 30 + more) for more in range(30)], pa.string()))
        assert sum(len(template.words) for template in miner._templates) <= 300
    assert often in miner.patterns()


def test_lines_that_have_nothing_in_common_are_not_all_looked_at() -> None:
    miner = PatternMiner()
    digits = [np.base_repr(number, 5).zfill(6) for number in range(5000)]
    lines = ["w" + "".join(" =,;:"[int(digit)] + "w" for digit in each) for each in digits]
    distinct = len({split_words(line.encode())[0] for line in lines})
    numbers = miner.add(pa.array(lines, pa.string()))
    assert len(miner._templates) < distinct / 2
    assert (numbers >= 0).any()


def test_numbers_stay_while_templates_grow_wider() -> None:
    miner = PatternMiner()
    first = miner.add(pa.array(["user bob logged in", "other"], pa.string())).tolist()
    assert miner.add(pa.array(["user eve logged in", "other"], pa.string())).tolist() == first
    assert sorted(map(pattern_of, miner.patterns().values())) == ["other", "user <_> logged in"]


def test_lines_are_put_under_templates_the_same_way_each_time() -> None:
    random = np.random.default_rng(3)
    sample = [f"{random.choice(['a', 'b'])} x{random.integers(3)} {random.choice(['p', 'q r'])}" for _ in range(3000)]
    numbers = [PatternMiner().add(pa.array(sample, pa.string())).tolist() for _ in range(2)]
    assert numbers[0] == numbers[1]
    assert -1 not in Counter(numbers[0])


@given(st.text(st.sampled_from('ab 12=[]\\"é'), max_size=8), st.text(st.sampled_from("xyz"), max_size=3))
def test_json_lines_match_their_patterns(message: str, level: str) -> None:
    line = json.dumps({"level": level, "msg": message, "n": 0})
    assert all(matches(pattern, line) for pattern in mined([line]))


def test_a_word_that_would_be_read_as_a_capture_is_a_gap() -> None:
    assert shape_and_words(Kind.WHOLE, b"a <b>c d") == ((Kind.WHOLE, (b"", b" ", b" ", b"")), [b"a", None, b"d"])
