"""A grouped average over samples that filters thin out: what they drop is a 0, as Loki's two halves make it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from logql.errors import PipelineError
from logql.samples.grid import Grid
from tests.logql.evaluate.test_range import GRIDS, ROWS
from tests.logql.evaluation import Row, evaluated, source
from tests.logql.range_aggregations.windows import same

SECOND = 10**9


def one(text: str, rows: list[Row]) -> dict[tuple[tuple[str, str], ...], float]:
    answer = evaluated(text, [source(rows)], Grid.instant(SECOND))
    return {labels: values[0] for labels, values in answer.items()}


def rows_of(*texts: str | None) -> list[Row]:
    return [
        Row(SECOND - number, "a", {"g": "x"} if text is None else {"g": "x", "v": text})
        for number, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("texts", "grouping", "value"),
    [
        (("10", "20", "1", "1"), " by (g)", 7.5),
        (("10", "20", "1", "1"), " by ()", 7.5),
        (("10", "20", "1", "1"), " without (s)", 7.5),
        (("10", "20", "1", "1"), "", 15.0),
        (("10", "20", "1", "1"), " without ()", 15.0),
        (("10", "20", None, ""), " by (g)", 15.0),
        (("10",), " by (g)", 10.0),
    ],
)
def test_what_the_filters_drop_counts_where_samples_are_grouped(
    texts: tuple[str | None, ...], grouping: str, value: float
) -> None:
    (answer,) = one(f'avg_over_time({{s="a"}} | unwrap v | v > 5 [1s]){grouping}', rows_of(*texts)).values()
    assert answer == value


def test_a_window_of_which_nothing_passes_has_no_average() -> None:
    assert one('avg_over_time({s="a"} | unwrap v | v > 5 [1s]) by (g)', rows_of("1", "2")) == {}


def test_texts_that_are_no_numbers_do_not_count_once_they_are_filtered_away() -> None:
    query = 'avg_over_time({{s="a"}} | unwrap v{} [1s]) by (g)'
    assert list(one(query.format(' | __error__=""'), rows_of("10", "bad", "20")).values()) == [15.0]
    with pytest.raises(PipelineError):
        one(query.format(' | g="x"'), rows_of("10", "bad", "20"))


@given(rows=ROWS, grid=GRIDS)
@settings(max_examples=100)
def test_it_is_the_sum_of_what_passes_by_the_count_of_all(rows: list[Row], grid: Grid) -> None:
    log_range = '{s=~".+"} | unwrap v%s [900ms]'
    answer = evaluated(f"avg_over_time({log_range % ' | v > 0'}) by (g)", [source(rows)], grid)
    total = evaluated(f"sum by (g) (sum_over_time({log_range % ' | v > 0'}))", [source(rows)], grid)
    count = evaluated('sum by (g) (count_over_time({s=~".+"} | v != "" [900ms]))', [source(rows)], grid)
    assert answer.keys() == total.keys()
    for labels, values in total.items():
        assert answer[labels].keys() == values.keys()
        assert all(same(answer[labels][point], value / count[labels][point]) for point, value in values.items())
