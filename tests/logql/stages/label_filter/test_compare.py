"""``name > 5``, ``name > 1m``, ``name > 5KB``."""

from __future__ import annotations

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.ast import Comparison
from logql.stages.label_filter.compare import compared_rows
from tests.logql.stages.label_filter.rows import judged, metadata_state, verdict

OPERATORS = {
    Comparison.EQ: operator.eq,
    Comparison.NEQ: operator.ne,
    Comparison.GT: operator.gt,
    Comparison.GE: operator.ge,
    Comparison.LT: operator.lt,
    Comparison.LE: operator.le,
}


@pytest.mark.parametrize(
    ("tail", "value", "passes"),
    [
        ("| v > 5", "6", True),
        ("| v > 5", "5", False),
        ("| v >= 5", "5", True),
        ("| v = 5", "5.0", True),
        ("| v == 5", "5e0", True),
        ("| v != 1", "2", True),
        ("| v < -1", "-1.5", True),
        ("| v = 8", "0x1p3", True),
        ("| v = 10", "1_0", True),
        ("| v > 5", "+Inf", True),
        ("| v > 5", "NaN", False),
        ("| v != 5", "nan", True),
        ("| v > 5s", "5.1s", True),
        ("| v > 5s", "4999ms", False),
        ("| v = 90s", "1m30s", True),
        ("| v >= 1d", "24h", True),
        ("| v = 0s", "0", True),
        ("| v < 1ms", ".5us", True),
        ("| v > 5KB", "5 KiB", True),
        ("| v = 5KiB", "5120", True),  # exact, Loki compares 5100
        ("| v = 1KB", "1,000", True),
        ("| v = 1B", "1.5", True),
        ("| v < 1MB", "1mib", False),
    ],
)
def test_converted_values_are_compared(tail: str, value: str, passes: bool) -> None:
    assert verdict(tail, value) == (passes, None)


@pytest.mark.parametrize("op", ["=", "==", "!=", ">", ">=", "<", "<="])
@pytest.mark.parametrize("wanted", ["1", "1s", "1KB"])
def test_an_entry_without_the_label_is_dropped(op: str, wanted: str) -> None:
    assert verdict(f"| v {op} {wanted}", None) == (False, None)


@pytest.mark.parametrize("op", ["=", "!=", ">", "<"])
@pytest.mark.parametrize(
    ("wanted", "value", "details"),
    [
        ("5", "bad", 'strconv.ParseFloat: parsing "bad": invalid syntax'),
        ("5", "", 'strconv.ParseFloat: parsing "": invalid syntax'),
        ("5", " 5", 'strconv.ParseFloat: parsing " 5": invalid syntax'),
        ("5", "1,000", 'strconv.ParseFloat: parsing "1,000": invalid syntax'),
        ("5s", "bad", 'time: invalid duration "bad"'),
        ("5s", "5", 'time: missing unit in duration "5"'),
        ("5s", "1d", 'time: unknown unit "d" in duration "1d"'),
        ("5s", "1h 1m", 'time: unknown unit "h " in duration "1h 1m"'),
        ("5KB", "bad", 'strconv.ParseFloat: parsing "": invalid syntax'),
        ("5KB", "1xyz", "unhandled size name: xyz"),
        ("5KB", "999EB", "too large: 999EB"),
    ],
)
def test_what_cannot_be_converted_is_kept_and_marked(op: str, wanted: str, value: str, details: str) -> None:
    assert verdict(f"| v {op} {wanted}", value) == (True, details)


def test_an_error_that_is_there_already_stays() -> None:
    rows = [
        {"v": "bad", "__error__": "First", "__error_details__": "why"},
        {"v": "bad"},
        {"v": "6", "__error__": "First"},
    ]
    mine = 'strconv.ParseFloat: parsing "bad": invalid syntax'
    assert judged("| v > 5", rows) == [(True, "First", "why"), (True, "LabelFilterErr", mine), (True, "First", None)]


@given(
    values=st.lists(st.none() | st.sampled_from(["bad", "1", "2", "2.0", "-1"]), min_size=1, max_size=8),
    op=st.sampled_from(list(Comparison)),
    data=st.data(),
)
def test_only_rows_that_were_asked_for_are_marked(
    values: list[str | None], op: Comparison, data: st.DataObject
) -> None:
    state = metadata_state([{} if value is None else {"v": value} for value in values])
    active = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    passes, after = compared_rows("v", op, 2.0, float, state, np.array(active))
    numbers = [None if value in (None, "bad") else float(value or "") for value in values]
    holds = [
        value == "bad" or (number is not None and OPERATORS[op](number, 2.0))
        for value, number in zip(values, numbers, strict=True)
    ]
    assert passes.tolist() == holds
    errors = ["__error__" in after.labels(row) for row in range(len(values))]
    assert errors == [value == "bad" and is_asked for value, is_asked in zip(values, active, strict=True)]
