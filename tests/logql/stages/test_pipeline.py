"""All stages of a query as one function, with no more work than its purpose needs."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import assume, given, reject

from logql.scan.frame import Frame
from logql.stages.needed import reads_errors
from logql.stages.pipeline import Pipeline
from tests.logql.differential.datasets import dataset
from tests.logql.differential.log_queries import pipeline
from tests.logql.differential.strategies import seeds
from tests.logql.frames import frame_of_entries, kept, line_frame, stages_of
from tests.oracle.errors import Unspecified
from tests.oracle.needed import EVERYTHING
from tests.oracle.pipeline import passes
from tests.oracle.row import Row


def rows_of(frame: Frame) -> list[int]:
    return [int(row) for row in frame.rows]


@given(seeds)
def test_a_pipeline_does_to_a_frame_what_its_stages_do_to_each_row(seed: int) -> None:
    random = Random(seed)
    stages, entries = pipeline(random, 5), dataset(random)
    rows = [(number, Row(entry, EVERYTHING)) for number, entry in enumerate(entries)]
    try:
        wanted = [(number, row.line, row.labels()) for number, row in rows if passes(row, stages, line_is_result=True)]
    except Unspecified:
        reject()
    assert kept(Pipeline(stages)(frame_of_entries(entries))) == wanted, [*map(str, stages)]


@given(seeds)
def test_what_decides_keeps_the_rows_that_the_whole_pipeline_keeps(seed: int) -> None:
    random = Random(seed)
    stages, entries = pipeline(random, 5), dataset(random)
    full, deciding = Pipeline(stages), Pipeline.deciding(stages)
    assert rows_of(deciding(frame_of_entries(entries))) == rows_of(full(frame_of_entries(entries))), [*map(str, stages)]


@given(seeds)
def test_where_no_error_is_looked_at_the_labels_that_are_needed_are_right(seed: int) -> None:
    """With fewer labels to find, parsers see fewer defects: so only rows without one are compared."""
    random = Random(seed)
    stages, entries = pipeline(random, 4), dataset(random)
    assume(not reads_errors(stages))
    needed = frozenset({"level", "status", "app"})
    full = {row: labels for row, _, labels in kept(Pipeline(stages)(frame_of_entries(entries)))}
    partly = {row: labels for row, _, labels in kept(Pipeline(stages, needed)(frame_of_entries(entries)))}
    assert set(full) == set(partly), [*map(str, stages)]
    for row, labels in full.items():
        if "__error__" not in labels:
            found = {name: value for name, value in partly[row].items() if name in needed}
            assert found == {name: value for name, value in labels.items() if name in needed}, [*map(str, stages)]


@pytest.mark.parametrize(
    ("tail", "stages", "needed"),
    [
        ('| json | line_format "x"', "", frozenset()),
        ('| json |= "a" | logfmt', '|= "a"', frozenset()),
        ('| json | a="1" | label_format b=c', '| json | a="1"', {"a"}),
        ('| json | a_extracted="1"', '| json | a_extracted="1"', {"a", "a_extracted"}),
        ('| line_format "x" |= "a" | json', '| line_format "x" |= "a"', frozenset()),
        ('| json | __error__=""', '| json | __error__=""', None),
        ('| json | a=ip("1.1.1.1")', '| json | a=ip("1.1.1.1")', None),
    ],
)
def test_what_decides_is_no_more_than_the_last_filter_looks_at(
    tail: str, stages: str, needed: frozenset[str] | None
) -> None:
    deciding = Pipeline.deciding(stages_of(tail))
    assert deciding.stages == stages_of(stages)
    assert deciding.needed == needed


@pytest.mark.parametrize(
    ("tail", "reads_lines", "only_filters_lines"),
    [
        ("", False, True),
        ('|= "a"', True, True),
        ("| json", True, False),
        ('| a="1"', False, False),
        ("| drop a", False, False),
    ],
)
def test_what_a_pipeline_says_of_itself(tail: str, reads_lines: bool, only_filters_lines: bool) -> None:
    made = Pipeline(stages_of(tail))
    assert (made.reads_lines, made.only_filters_lines) == (reads_lines, only_filters_lines)


@pytest.mark.parametrize(
    ("weighs_lines", "stages"),
    [(True, '| json | line_format "x"'), (False, "| json")],
)
def test_for_samples_a_line_is_only_written_where_it_is_weighed(weighs_lines: bool, stages: str) -> None:
    made = Pipeline.sampling(stages_of('| json | line_format "x"'), None, weighs_lines)
    assert made.stages == stages_of(stages)


def test_a_pipeline_of_nothing_gives_the_frame_back() -> None:
    frame = line_frame("a")
    assert Pipeline(())(frame) is frame
