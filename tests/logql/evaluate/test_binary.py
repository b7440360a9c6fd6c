"""Operators between series: matching, grouping, filters, sets, and what may not be matched."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.ast import BinaryOperation
from logql.errors import QueryError
from logql.evaluate.binary import binary_operation
from logql.samples.series_set import SeriesSet
from storage.labels import Labels
from tests.logql.evaluate.grids import POINTS, Table, operation, series_of, series_sets, table_of

SIDES = {"right": "found duplicate series on the right", "left": "found duplicate series on the left"}
EXPLICIT = "multiple matches for labels: many-to-one matching must be explicit"
UNIQUE = "multiple matches for labels: grouping labels must ensure unique matches"


def computed(op: str, left: Table | float, right: Table | float) -> dict[str, list[float | None]]:
    expr = operation(f"vector(1) {op} vector(1)")
    assert isinstance(expr, BinaryOperation)
    legs = [leg if isinstance(leg, float) else series_of(leg) for leg in (left, right)]
    return table_of(binary_operation(expr, *legs))


@pytest.mark.parametrize(
    ("op", "left", "right", "answer"),
    [
        ("+", {"a=1": [1, None]}, 2.0, {"a=1": [3, None]}),
        ("-", 2.0, {"a=1": [1, 5]}, {"a=1": [1, -3]}),
        ("*", {}, 2.0, {}),
        ("/", {"a=1": [1, -1]}, 0.0, {"a=1": [math.nan, math.nan]}),
        ("%", {"a=1": [7, -7]}, 4.0, {"a=1": [3, -3]}),
        ("%", {"a=1": [7, -7]}, 0.0, {"a=1": [math.nan, math.nan]}),
        ("^", {"a=1": [2, -8]}, 0.5, {"a=1": [2**0.5, math.nan]}),
        ("^", 2.0, {"a=1": [3, 10]}, {"a=1": [8, 1024]}),
        (">", {"a=1": [1, 3], "a=2": [0, 0]}, 2.0, {"a=1": [None, 3]}),
        ("<", 2.0, {"a=1": [1, 3]}, {"a=1": [None, 3]}),
        ("== bool", {"a=1": [1, 3, None]}, 3.0, {"a=1": [0, 1, None]}),
        ("!=", {"a=1": [math.nan, 3]}, 3.0, {"a=1": [math.nan, None]}),
        (">=", {"a=1": [math.nan]}, 3.0, {}),
    ],
)
def test_a_number_meets_every_sample(
    op: str, left: Table | float, right: Table | float, answer: dict[str, list[float | None]]
) -> None:
    got = computed(op, left, right)
    assert got.keys() == answer.keys()
    assert all(got[name] == pytest.approx(values, nan_ok=True) for name, values in answer.items())


MANY: Table = {"a=1,b=1": [1, 2], "a=1,b=2": [3, None], "a=2,b=1": [5, 6]}
ONE: Table = {"a=1,c=x": [10, 20], "a=3,c=y": [1, 1]}


@pytest.mark.parametrize(
    ("op", "left", "right", "answer"),
    [
        ("+", {"a=1": [1, 2], "a=2": [1, 1]}, {"a=1": [10, None], "a=3": [1, 1]}, {"a=1": [11, None]}),
        ("-", {"a=1,b=1": [1]}, {"a=1": [1]}, {}),
        ("- on (a)", {"a=1,b=1": [5]}, {"a=1,c=1": [2]}, {"a=1": [3]}),
        ("- ignoring (b, c)", {"a=1,b=1": [5]}, {"a=1,c=1": [2]}, {"a=1": [3]}),
        ("- ignoring (b)", {"a=1,b=1": [5]}, {"a=1,c=1": [2]}, {}),
        ("+ on ()", {"a=1": [5]}, {"b=1": [2]}, {"": [7]}),
        ("+ on (a) group_left", MANY, ONE, {"a=1,b=1": [11, 22], "a=1,b=2": [13, None]}),
        ("+ on (a) group_left (c)", MANY, ONE, {"a=1,b=1,c=x": [11, 22], "a=1,b=2,c=x": [13, None]}),
        ("- on (a) group_right", ONE, MANY, {"a=1,b=1": [9, 18], "a=1,b=2": [7, None]}),
        ("- on (a) group_right (c)", ONE, MANY, {"a=1,b=1,c=x": [9, 18], "a=1,b=2,c=x": [7, None]}),
        ("+ on (a) group_left (b)", {"a=1,b=1": [1, None], "a=1,b=2": [None, 7]}, ONE, {"a=1": [11, 27]}),
        ("+ on (a) group_left (b)", {"a=1,b=1": [1]}, {"a=1,b=5": [2]}, {"a=1,b=5": [3]}),
        ("> on (a) group_right", ONE, MANY, {"a=1,b=1": [10, 20], "a=1,b=2": [10, None]}),
        ("> bool on (a) group_right", ONE, MANY, {"a=1,b=1": [1, 1], "a=1,b=2": [1, None]}),
        (">", {"a=1": [1, 3]}, {"a=1": [2, 2]}, {"a=1": [None, 3]}),
        ("> bool", {"a=1": [1, 3]}, {"a=1": [2, 2]}, {"a=1": [0, 1]}),
        # Series that are never there at one point may share a key.
        ("+ on (a)", {"a=1": [1, 2]}, {"a=1,b=1": [10, None], "a=1,b=2": [None, 20]}, {"a=1": [11, 22]}),
        ("+ on (a)", {"a=1,b=1": [1, None], "a=1,b=2": [None, 2]}, {"a=1": [10, 20]}, {"a=1": [11, 22]}),
        (
            "+ on (a) group_left (b)",
            {"a=1": [1, 2]},
            {"a=1,b=1": [10, None], "a=1,b=2": [None, 20]},
            {"a=1,b=1": [11, None], "a=1,b=2": [None, 22]},
        ),
    ],
)
def test_series_are_matched_by_labels(op: str, left: Table, right: Table, answer: Table) -> None:
    assert computed(op, left, right) == dict(answer)


@pytest.mark.parametrize(
    ("op", "left", "right", "error"),
    [
        ("+ on (a)", {"a=1": [1]}, {"a=1,b=1": [1], "a=1,b=2": [1]}, SIDES["right"]),
        ("+ on (a)", {"a=7": [1]}, {"a=1,b=1": [1], "a=1,b=2": [1]}, SIDES["right"]),
        ("+ on (a) group_left", {"a=1": [1]}, {"a=1,b=1": [1], "a=1,b=2": [1]}, SIDES["right"]),
        ("+ on (a) group_right", {"a=1,b=1": [1], "a=1,b=2": [1]}, {"a=1": [1]}, SIDES["left"]),
        ("+ on (a)", {"a=1,b=1": [1], "a=1,b=2": [1]}, {"a=1": [1]}, EXPLICIT),
        ("> on (a)", {"a=1,b=1": [1], "a=1,b=2": [1]}, {"a=1": [9]}, EXPLICIT),
        ("+ ignoring (b)", {"a=1,b=1": [1], "a=1,b=2": [1]}, {"a=1": [1]}, EXPLICIT),
        ("+ on (a) group_left (b)", {"a=1,b=1": [1], "a=1,b=2": [1]}, {"a=1": [1]}, UNIQUE),
        ("+ on (a) group_right (b)", {"a=1,b=3": [1]}, {"a=1,b=1": [1], "a=1,b=2": [1]}, UNIQUE),
    ],
)
def test_what_labels_do_not_decide_is_refused(op: str, left: Table, right: Table, error: str) -> None:
    with pytest.raises(QueryError, match=error) as refusal:
        computed(op, left, right)
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("op", "answer"),
    [
        ("and", {"a=1,b=1": [1, None]}),
        ("and on (a)", {"a=1,b=1": [1, None], "a=1,b=2": [3, None]}),
        ("and on ()", {"a=1,b=1": [1, 2], "a=1,b=2": [3, None], "a=2,b=1": [5, 6]}),
        ("unless", {"a=1,b=1": [None, 2], "a=1,b=2": [3, None], "a=2,b=1": [5, 6]}),
        ("unless on (a)", {"a=1,b=1": [None, 2], "a=2,b=1": [5, 6]}),
        ("or", {"a=1,b=1": [1, 2], "a=1,b=2": [3, None], "a=2,b=1": [5, 6], "a=3": [9, 9]}),
        ("or on ()", {"a=1,b=1": [1, 2], "a=1,b=2": [3, None], "a=2,b=1": [5, 6]}),
    ],
)
def test_set_operators_ask_for_the_key_at_the_point(op: str, answer: Table) -> None:
    assert computed(op, MANY, {"a=1,b=1": [7, None], "a=3": [9, 9]}) == dict(answer)


def test_or_goes_on_where_the_left_series_pauses() -> None:
    assert computed("or", {"a=1": [1, None]}, {"a=1": [7, 8]}) == {"a=1": [1, 8]}


@given(left=series_sets(), right=series_sets(), op=st.sampled_from(["+", "-", ">", "== bool", "and", "or", "unless"]))
def test_points_do_not_know_of_each_other(left: SeriesSet, right: SeriesSet, op: str) -> None:
    expr = operation(f"vector(1) {op} on (a, b) vector(1)")
    assert isinstance(expr, BinaryOperation)
    together = binary_operation(expr, left, right)
    for point in range(POINTS):
        alone = binary_operation(expr, _at(left, point), _at(right, point))
        assert table_of(alone) == table_of(_at(together, point))


@given(
    left=series_sets(), right=series_sets(), names=st.sampled_from(["on (a)", "on (b)", "ignoring (a)", "on ()", ""])
)
def test_and_and_unless_part_the_left_side_and_or_holds_both(left: SeriesSet, right: SeriesSet, names: str) -> None:
    def of(op: str) -> dict[tuple[Labels, int], float]:
        expr = operation(f"vector(1) {op} {names} vector(1)")
        assert isinstance(expr, BinaryOperation)
        return _samples(binary_operation(expr, left, right))

    assert not of("and").keys() & of("unless").keys()
    assert of("and") | of("unless") == _samples(left)
    assert of("or").items() >= _samples(left).items()
    assert of("or").keys() <= _samples(left).keys() | _samples(right).keys()


def _at(series: SeriesSet, point: int) -> SeriesSet:
    return SeriesSet.of(series.labels, series.values[:, [point]], series.present[:, [point]])


def _samples(series: SeriesSet) -> dict[tuple[Labels, int], float]:
    return {
        (labels, point): float(series.values[number, point])
        for number, labels in enumerate(series.labels)
        for point in range(POINTS)
        if series.present[number, point]
    }
