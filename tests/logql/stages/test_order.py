"""Rewrites that no answer shows."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given

from logql.ast import Stage
from logql.scan.frame import Frame
from logql.stages.build import build_stage
from logql.stages.order import changes_lines, hoisted, reads_lines, without_unread_lines
from tests.logql.differential.datasets import dataset
from tests.logql.differential.log_queries import pipeline
from tests.logql.differential.strategies import seeds
from tests.logql.frames import Kept, frame_of_entries, kept, stage_of, stages_of


def run(frame: Frame, stages: list[Stage] | tuple[Stage, ...]) -> list[Kept]:
    """One after the other, each on its own."""
    for stage in stages:
        frame = build_stage(stage, None)(frame) if len(frame) else frame
    return kept(frame)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('| json |= "a"', '|= "a" | json'),
        ('| json | x="1" |= "a" | drop x != "b"', '|= "a" | json | x="1" | drop x != "b"'),
        ('|= "a" | json |= "b"', '|= "a" |= "b" | json'),
        ('| json | line_format "x" | logfmt |= "a"', '| json | line_format "x" |= "a" | logfmt'),
        ('| json |= "a" | unpack | json |= "b"', '|= "a" | json | unpack |= "b" | json'),
        ('| decolorize | json |~ "a" !> "b"', '| decolorize |~ "a" !> "b" | json'),
        ('| line_format "x" |= "a"', '| line_format "x" |= "a"'),
        ("| json | logfmt", "| json | logfmt"),
        ("", ""),
    ],
)
def test_line_filters_go_as_early_as_the_line_is_theirs(before: str, after: str) -> None:
    assert hoisted(stages_of(before)) == [*stages_of(after)]


@given(seeds)
def test_hoisting_keeps_the_rows_their_lines_and_their_labels(seed: int) -> None:
    random = Random(seed)
    stages, entries = pipeline(random, 6), dataset(random)
    assert run(frame_of_entries(entries), hoisted(stages)) == run(frame_of_entries(entries), stages), [
        *map(str, stages)
    ]


@given(seeds)
def test_hoisting_moves_line_filters_only_and_a_second_time_nothing(seed: int) -> None:
    stages = pipeline(Random(seed), 6)
    ordered = hoisted(stages)
    assert sorted(map(str, ordered)) == sorted(map(str, stages))
    assert hoisted(ordered) == ordered


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('| line_format "x"', ""),
        ('| line_format "x" | a="1"', '| a="1"'),
        ('| line_format "x" | json', '| line_format "x" | json'),
        ('| line_format "x" |= "a"', '| line_format "x" |= "a"'),
        ('| line_format "x" | decolorize', '| line_format "x" | decolorize'),
        ('| line_format "x" | line_format "y" | json', '| line_format "y" | json'),
        (
            '| line_format "x" | line_format "{{__line__}}" | json',
            '| line_format "x" | line_format "{{__line__}}" | json',
        ),
        ('| line_format "x" | label_format a="{{__line__}}"', '| line_format "x" | label_format a="{{__line__}}"'),
        ('| line_format "x" | label_format a="{{.b}}"', '| label_format a="{{.b}}"'),
        ('| json | line_format "x" | logfmt | line_format "y"', '| json | line_format "x" | logfmt'),
    ],
)
def test_a_line_that_nothing_reads_is_not_written(before: str, after: str) -> None:
    assert without_unread_lines(stages_of(before)) == [*stages_of(after)]


@pytest.mark.parametrize(
    ("stage", "changes", "reads"),
    [
        ('|= "a"', False, True),
        ("| json", False, True),
        ('| json a="b"', False, True),
        ("| logfmt", False, True),
        ('| regexp "(?P<a>.)"', False, True),
        ('| pattern "<a>"', False, True),
        ("| unpack", True, True),
        ("| decolorize", True, True),
        ('| line_format "{{.a}}"', True, False),
        ('| line_format "{{__line__}}"', True, True),
        ("| label_format a=b", False, False),
        ('| label_format a="{{.b}}"', False, False),
        ('| label_format a=b, c="{{__line__}}"', False, True),
        ("| drop a", False, False),
        ("| keep a", False, False),
        ('| a="b"', False, False),
    ],
)
def test_what_stages_do_with_lines(stage: str, changes: bool, reads: bool) -> None:
    assert (changes_lines(stage_of(stage)), reads_lines(stage_of(stage))) == (changes, reads)
