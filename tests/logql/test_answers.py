"""What is printed of a result: order, the limit of series, and series that share their labels."""

from __future__ import annotations

import pytest

from logql.answers import instant_answer, range_answer
from logql.errors import LimitExceeded
from logql.limits import QueryLimits
from logql.requests import InstantQuery, RangeQuery
from logql.results import Matrix, Scalar, Stats, Vector
from logql.samples.grid import Grid
from tests.logql.evaluate.grids import series_of

GRID = Grid(0, 10**9, 2)
INSTANT = Grid.instant(1_500_000_000)
THREE = {"b=1": [1.0], "a=2": [2.0], "a=10": [3.0]}


def names(data: object) -> list[str]:
    assert isinstance(data, Vector)
    return [labels.text for labels, _ in data.samples]


def test_series_are_sorted_by_labels_unless_their_order_is_the_answer() -> None:
    asked = InstantQuery("", 0)
    by_labels = instant_answer(series_of(THREE), INSTANT, asked, Stats(), keeps_order=False)
    assert names(by_labels.data) == ['{a="10"}', '{a="2"}', '{b="1"}']
    as_made = instant_answer(series_of(THREE), INSTANT, asked, Stats(), keeps_order=True)
    assert names(as_made.data) == ['{b="1"}', '{a="2"}', '{a="10"}']


def test_a_number_is_a_scalar_at_an_instant_and_a_series_over_time() -> None:
    assert instant_answer(2.0, INSTANT, InstantQuery("", 0), Stats(), keeps_order=False).data == Scalar(1500, 2.0)
    data = range_answer(2.0, GRID, RangeQuery("", 0, 0, 1000), Stats()).data
    assert isinstance(data, Matrix)
    assert [(each.labels.text, each.ts_ms.tolist(), each.values.tolist()) for each in data.series] == [
        ("{}", [0, 1000], [2.0, 2.0])
    ]


def test_series_with_equal_labels_are_printed_as_one() -> None:
    series = series_of({"a=1": [1.0, None], "a=1'": [2.0, 3.0], "a=0": [None, 4.0]})
    data = range_answer(series, GRID, RangeQuery("", 0, 0, 1000), Stats()).data
    assert isinstance(data, Matrix)
    assert [(each.labels.text, each.ts_ms.tolist(), each.values.tolist()) for each in data.series] == [
        ('{a="0"}', [1000], [4.0]),
        ('{a="1"}', [0, 0, 1000], [1.0, 2.0, 3.0]),
    ]


@pytest.mark.parametrize("limit", [3, 4, 0])
def test_as_many_series_as_the_limit_allows_are_answered(limit: int) -> None:
    asked = InstantQuery("", 0, QueryLimits(max_query_series=limit))
    answer = instant_answer(series_of(THREE), INSTANT, asked, Stats(), keeps_order=False)
    assert len(names(answer.data)) == 3
    assert not answer.warnings


def test_more_series_than_the_limit_are_refused() -> None:
    asked = InstantQuery("", 0, QueryLimits(max_query_series=2))
    with pytest.raises(LimitExceeded, match=r"maximum number of series \(2\) reached for a single query; consider red"):
        instant_answer(series_of(THREE), INSTANT, asked, Stats(), keeps_order=False)


def test_who_takes_partial_series_gets_the_first_ones_and_a_warning() -> None:
    asked = InstantQuery("", 0, QueryLimits(max_query_series=2), partial_series=True)
    answer = instant_answer(series_of(THREE), INSTANT, asked, Stats(), keeps_order=False)
    assert names(answer.data) == ['{a="10"}', '{a="2"}']
    assert list(answer.warnings) == [
        "maximum number of series (2) reached for a single query; returning partial results"
    ]
