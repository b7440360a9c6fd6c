"""Mined patterns: they match the lines that they were made of, and say what those have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.patterns.miner import Miner
from logql.patterns.template import Template, split_words
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


def mined(sample: Iterable[str], limit: int = 1000) -> list[str]:
    miner = Miner()
    for line in sample:
        miner.add(line)
    return miner.patterns(limit)


def matches(pattern: str, line: str) -> bool:
    return bool(pattern_matcher(pattern)(pa.array([line], pa.string()))[0])


@given(st.text(max_size=20) | anything)
def test_words_and_what_is_between_them_make_the_text(text: str) -> None:
    shape, found = split_words(text)
    assert len(shape) == len(found) + 1
    template = Template.of(shape, found)
    if "<" not in text:
        assert template.text == text


@given(st.lists(lines, min_size=1, max_size=12))
def test_every_line_matches_a_pattern_unless_nothing_is_left_of_it(sample: list[str]) -> None:
    patterns = mined(sample)
    for line in sample:
        shape, _ = split_words(line)
        vague = all(not any(map(str.isalnum, pattern.replace("<_>", ""))) for pattern in patterns)
        same_shape = [one for one in sample if split_words(one)[0] == shape]
        if len(set(same_shape)) == 1 and not vague:
            assert any(matches(pattern, line) for pattern in patterns), line


@given(st.lists(anything | lines, max_size=12))
def test_patterns_are_valid_line_filters(sample: list[str]) -> None:
    for pattern in mined(sample):
        PatternExpression.for_line_filter(pattern)
        assert pattern


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
        (['{"msg":"a \\"quoted\\" word"}'], ['{"msg":"a \\"quoted\\" word"}']),  # not as it stands in the line
        (['{"broken'], ['{"broken']),
        (["<b>bold</b> text"], ["<_>bold</b> text"]),
        (["say <_> twice <_>"], ["say <_> twice <_>"]),
    ],
)
def test_cases(sample: list[str], patterns: list[str]) -> None:
    assert sorted(mined(sample)) == patterns
    for line in sample:
        assert not patterns or any(matches(pattern, line) for pattern in patterns)


def test_the_rest_of_a_long_line_is_a_gap() -> None:
    (pattern,) = mined(["word " * 1000])
    assert pattern.endswith("<_>")
    assert len(pattern) < 1100
    assert matches(pattern, "word " * 1000)


def test_the_message_of_a_huge_json_line_is_not_looked_for() -> None:
    (pattern,) = mined(['{"long":"' + "x y " * 10_000 + '","msg":"done"}'])
    assert pattern.startswith('{"long":"x y')


def test_patterns_of_the_most_lines_come_within_the_limit_and_precise_ones_first() -> None:
    sample = ["rare and long long line"] + ["short 1"] * 3 + ["a longer one 1"] * 2
    assert mined(sample, 2) == ["a longer one 1", "short 1"]


def test_a_shape_has_a_bounded_number_of_patterns() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert len(mined(f"{one} {two}" for one in letters for two in letters.upper())) <= 16


@given(st.text(st.sampled_from('ab 12=[]\\"é'), max_size=8), st.text(st.sampled_from("xyz"), max_size=3))
def test_json_lines_match_their_patterns(message: str, level: str) -> None:
    line = json.dumps({"level": level, "msg": message, "n": 0})
    assert all(matches(pattern, line) for pattern in mined([line]))
