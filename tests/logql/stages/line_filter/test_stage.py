"""Line filters together: chains, alternatives, negation."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.ast import LineFilter, LineFilterOp, LineText
from logql.stages.line_filter import line_filter_stage
from tests.logql.differential.log_queries import line_filter
from tests.logql.differential.strategies import seeds
from tests.logql.frames import line_frame, lines_of, stages_of
from tests.oracle.filters import passes_line_filter

NEGATED = {
    LineFilterOp.CONTAINS: LineFilterOp.NOT_CONTAINS,
    LineFilterOp.MATCHES: LineFilterOp.NOT_MATCHES,
    LineFilterOp.PATTERN: LineFilterOp.NOT_PATTERN,
}
LINES = st.lists(
    st.lists(st.sampled_from(["error", "level=error", "GET ", "{", "10.0.0.1", " x", "e", "ünï", ""]), max_size=4).map(
        "".join
    ),
    min_size=1,
    max_size=10,
)


def passed(tail: str, *lines: str) -> list[str]:
    filters = [stage for stage in stages_of(tail) if isinstance(stage, LineFilter)]
    return lines_of(line_filter_stage(filters)(line_frame(*lines)))


@pytest.mark.parametrize(
    ("tail", "lines"),
    [
        ('|= "a"', ["a", "ab", "abc"]),
        ('|= "a" |= "b"', ["ab", "abc"]),
        ('|= "a" != "c" |= "b"', ["ab"]),
        ('|= "b" or "x"', ["ab", "abc", "x"]),
        ('!= "b" or "x"', ["a", ""]),
        ('!= "b" != "x"', ["a", ""]),
        ('!~ "b" or "^a$"', ["x", ""]),
        ('!> "a" or ""', ["ab", "abc", "x"]),
        ('|~ "b.*" or "^$"', ["ab", "abc", ""]),
        ('|= "abc" or ""', ["a", "ab", "abc", "x", ""]),  # docs/differences.md: the empty text is in every line
        ('|= ""', ["a", "ab", "abc", "x", ""]),
        ('|~ ""', ["a", "ab", "abc", "x", ""]),
        ('|~ ".*"', ["a", "ab", "abc", "x", ""]),
        ('|~ ".+"', ["a", "ab", "abc", "x"]),
        ('!= ""', []),
        ('!~ ""', []),
        ('!~ ".*"', []),
        ('!= "nosuch"', ["a", "ab", "abc", "x", ""]),
        ('|> "a<_>" |~ "c$" != "x"', ["abc"]),
        ('|= "nosuch" |~ "a" |= "b"', []),
    ],
)
def test_chains_of_filters(tail: str, lines: list[str]) -> None:
    assert passed(tail, "a", "ab", "abc", "x", "") == lines


@given(seed=seeds, size=st.integers(1, 4), lines=LINES)
def test_any_chain_keeps_the_lines_that_pass_every_filter_in_turn(seed: int, size: int, lines: list[str]) -> None:
    random = Random(seed)
    filters = [stage for _ in range(size) if isinstance(stage := line_filter(random), LineFilter)]
    kept = lines_of(line_filter_stage(filters)(line_frame(*lines)))
    assert kept == [line for line in lines if all(passes_line_filter(line, each) for each in filters)], [
        *map(str, filters)
    ]


@given(seed=seeds, lines=LINES)
def test_a_negative_filter_keeps_exactly_the_other_lines(seed: int, lines: list[str]) -> None:
    drawn = line_filter(Random(seed))
    assert isinstance(drawn, LineFilter)
    op = drawn.op if drawn.op in NEGATED else next(each for each, negative in NEGATED.items() if negative is drawn.op)
    frame = line_frame(*lines)
    positive = line_filter_stage([LineFilter(op, drawn.alternatives)])(frame)
    negative = line_filter_stage([LineFilter(NEGATED[op], drawn.alternatives)])(frame)
    assert sorted([*positive.rows, *negative.rows]) == list(range(len(lines)))


@given(lines=LINES)
def test_alternatives_of_a_negative_filter_are_none_of_them(lines: list[str]) -> None:
    either = LineFilter(LineFilterOp.NOT_CONTAINS, (LineText("error"), LineText("x")))
    both = [LineFilter(LineFilterOp.NOT_CONTAINS, (LineText(text),)) for text in ("error", "x")]
    frame = line_frame(*lines)
    assert line_filter_stage([either])(frame).rows.tolist() == line_filter_stage(both)(frame).rows.tolist()


def test_what_no_line_passes_leaves_an_empty_frame() -> None:
    filters = [stage for stage in stages_of('|= "nosuch" |~ "a"') if isinstance(stage, LineFilter)]
    left = line_filter_stage(filters)(line_frame("a", "b"))
    assert (len(left), lines_of(left)) == (0, [])
