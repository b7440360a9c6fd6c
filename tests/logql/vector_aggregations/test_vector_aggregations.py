"""Aggregations over series: reducers against plain definitions, selectors at points and in order."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.ast import VectorAggregation
from logql.evaluate.vector import vector_aggregation
from logql.samples.series_set import SeriesSet
from tests.logql.evaluate.grids import POINTS, Table, operation, series_of, series_sets, table_of

DEFINITIONS: dict[str, Callable[[list[float]], float]] = {
    "sum": math.fsum,
    "avg": statistics.fmean,
    "min": min,
    "max": max,
    "count": lambda values: float(len(values)),
    "stddev": statistics.pstdev,
    "stdvar": statistics.pvariance,
}
NAN, INF = math.nan, math.inf


def aggregated(text: str, series: SeriesSet) -> dict[str, list[float | None]]:
    expr = operation(text)
    assert isinstance(expr, VectorAggregation)
    return table_of(vector_aggregation(expr, series))


@pytest.mark.parametrize("name", DEFINITIONS)
@given(
    series=series_sets(), grouping=st.sampled_from(["", "by (a)", "by (b)", "without (a)", "without ()", "by (a, b)"])
)
def test_reducers_answer_their_definition(name: str, series: SeriesSet, grouping: str) -> None:
    answer = aggregated(f"{name} {grouping} (vector(1))", series)
    names = {"": "", "by (a)": "a", "by (b)": "b", "without (a)": "b"}.get(grouping, "ab")
    wanted: dict[str, list[list[float]]] = {}
    for labels, values, present in zip(series.labels, series.values, series.present, strict=True):
        key = ",".join(f"{label}={value}" for label, value in labels.pairs if label in names)
        points = wanted.setdefault(key, [[] for _ in range(POINTS)])
        for point in range(POINTS):
            points[point] += [float(values[point])] if present[point] else []
    assert answer.keys() == wanted.keys()
    for key, groups in wanted.items():
        expected = [DEFINITIONS[name](group) if group else None for group in groups]
        assert answer[key] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "values", "answer"),
    [
        ("sum", [1.0, NAN], NAN),
        ("sum", [INF, -INF], NAN),
        ("avg", [1.7e308, 1.7e308], 1.7e308),
        ("avg", [INF, 1.0, INF], INF),
        ("avg", [INF, -INF], NAN),
        ("avg", [-INF, NAN], NAN),
        ("min", [NAN, 2.0, 3.0], 2.0),
        ("max", [NAN, 2.0, 3.0], 3.0),
        ("max", [NAN, NAN], NAN),
        ("stddev", [5.0], 0.0),
        ("stdvar", [1e9, 1e9 + 2], 1.0),
        ("stdvar", [1.0, INF], NAN),
        ("count", [NAN, INF], 2.0),
    ],
)
def test_reducers_of_odd_floats(name: str, values: list[float], answer: float) -> None:
    series = series_of({f"a={number}": [value] for number, value in enumerate(values)})
    assert aggregated(f"{name}(vector(1))", series)[""] == pytest.approx([answer], nan_ok=True)


VALUES: Table = {"a=1,b=x": [5, 1], "a=2,b=x": [3, None], "a=3,b=y": [4, 9], "a=4,b=y": [NAN, 2]}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("topk(1, vector(1))", {"a=1,b=x": [5, None], "a=3,b=y": [None, 9]}),
        ("bottomk(1, vector(1))", {"a=1,b=x": [None, 1], "a=2,b=x": [3, None]}),
        ("topk by (b) (1, vector(1))", {"a=1,b=x": [5, 1], "a=3,b=y": [4, 9]}),
        ("topk without (a) (1, vector(1))", {"a=1,b=x": [5, 1], "a=3,b=y": [4, 9]}),
        (
            "bottomk by (b) (1, vector(1))",
            {"a=1,b=x": [None, 1], "a=2,b=x": [3, None], "a=3,b=y": [4, None], "a=4,b=y": [None, 2]},
        ),
        ("approx_topk(1, vector(1))", {"a=1,b=x": [5, None], "a=3,b=y": [None, 9]}),
        ("sort(vector(1))", dict(VALUES)),
    ],
)
def test_selectors_choose_at_each_point(text: str, answer: dict[str, list[float | None]]) -> None:
    got = aggregated(text, series_of(VALUES))
    assert list(got) == list(answer)
    assert all(got[name] == pytest.approx(values, nan_ok=True) for name, values in answer.items())


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("sort(vector(1))", "2143"),
        ("sort_desc(vector(1))", "4123"),
        ("sort by () (vector(1))", "2143"),
        ("topk(2, vector(1))", "41"),
        ("topk(9, vector(1))", "4123"),
        ("topk(3, vector(1))", "412"),
        ("bottomk(2, vector(1))", "21"),
        ("bottomk by (b) (1, vector(1))", "24"),
    ],
)
def test_at_one_point_selectors_answer_in_order_with_nan_last(text: str, order: str) -> None:
    series = series_of({"a=1,b=x": [5], "a=2,b=x": [-INF], "a=3,b=y": [NAN], "a=4,b=y": [INF]})
    assert [name[2] for name in aggregated(text, series)] == list(order)


@given(series=series_sets(), count=st.integers(1, 6), name=st.sampled_from(["topk", "bottomk"]))
def test_no_sample_left_out_is_better_than_one_chosen(series: SeriesSet, count: int, name: str) -> None:
    chosen = aggregated(f"{name} by (a) ({count}, vector(1))", series)
    every = table_of(series)
    for group in ("a=1", "a=2", "a=9"):
        for point in range(POINTS):
            values = sorted(_values(every, group, point), reverse=name == "topk")
            kept = sorted(_values(chosen, group, point), reverse=name == "topk")
            assert kept == values[:count]
    assert all(row[point] in (None, every[text][point]) for text, row in chosen.items() for point in range(POINTS))


def _values(table: Table, group: str, point: int) -> list[float]:
    values = (row[point] for text, row in table.items() if text.startswith(group))
    return [value for value in values if value is not None]
