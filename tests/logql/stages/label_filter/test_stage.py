"""``and``, ``or`` and parentheses, and which errors come up on the way."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given

from logql.ast import LabelFilterStage
from logql.stages.filter_labels import label_filter_stage
from tests.logql.differential.datasets import dataset
from tests.logql.differential.log_queries import label_filter
from tests.logql.differential.strategies import seeds
from tests.logql.frames import frame_of_entries
from tests.logql.stages.label_filter.rows import judged
from tests.oracle.filters import passes_label_filter
from tests.oracle.needed import EVERYTHING
from tests.oracle.row import Row

ROWS = [{"a": "1", "b": "x"}, {"a": "1"}, {"b": "x"}, {"a": "bad", "b": "x"}, {"a": "bad"}, {}]


@pytest.mark.parametrize(
    ("tail", "passing", "marked"),
    [
        ('| a > 0 and b="x"', [0, 3], [3, 4]),
        ('| b="x" and a > 0', [0, 3], [3, 4]),  # both sides are evaluated, so 4 is marked although it goes
        ('| a > 0, b="x"', [0, 3], [3, 4]),
        ('| a > 0 b="x"', [0, 3], [3, 4]),
        ('| a > 0 or b="x"', [0, 1, 2, 3, 4], [3, 4]),
        ('| b="x" or a > 0', [0, 1, 2, 3, 4], [4]),  # what passes is not judged again, so 3 is not marked
        ('| b="x" or b="" and a > 0', [0, 1, 2, 3, 4], [4]),
        ('| (b="x" or b="") and a > 0', [0, 1, 3, 4], [3, 4]),
        ('| b="x", a > 5 or a < 0', [3], [3, 4]),
        ('| b="x" or (b="" and (a="1" or a > 0))', [0, 1, 2, 3, 4], [4]),
        ('| nosuch="" or a > 0', [0, 1, 2, 3, 4, 5], []),
        ('| nosuch!="" and a > 0', [], [3, 4]),
    ],
)
def test_filters_of_filters(tail: str, passing: list[int], marked: list[int]) -> None:
    found = judged(tail, ROWS)
    assert [row for row, (passes, _, _) in enumerate(found) if passes] == passing
    assert [row for row, (_, error, _) in enumerate(found) if error] == marked


@given(seeds)
def test_any_filter_keeps_and_marks_what_it_does_row_by_row(seed: int) -> None:
    random = Random(seed)
    entries, drawn = dataset(random), label_filter(random, 3)
    after = label_filter_stage(LabelFilterStage(drawn))(frame_of_entries(entries))
    rows = [Row(entry, EVERYTHING) for entry in entries]
    wanted = [(number, row.labels()) for number, row in enumerate(rows) if passes_label_filter(row, drawn)]
    state = after.labels()
    assert [(int(row), dict(state.labels(place))) for place, row in enumerate(after.rows)] == wanted, str(drawn)
