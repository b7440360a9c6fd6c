"""Binary operations: between a number and series here, between two sets of series by their labels next door."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.arithmetic import apply_operator
from logql.ast import BinaryOperation
from logql.errors import QueryError
from logql.evaluate.matching import matched_operation
from logql.evaluate.outcome import outcome
from logql.evaluate.sets import SET_OPERATIONS
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet

__all__ = ["binary_operation"]


def binary_operation(expr: BinaryOperation, left: SeriesSet | float, right: SeriesSet | float) -> SeriesSet:
    """``left op right``; two numbers were folded when the query was parsed."""
    if isinstance(left, SeriesSet) and isinstance(right, SeriesSet):
        if expr.op.is_set:
            return SET_OPERATIONS[expr.op](left, right, LabelKey.matching(expr.matching))
        return matched_operation(expr, left, right)
    if expr.op.is_set:
        raise QueryError(f"the operator '{expr.op.value}' needs series on both sides")
    if isinstance(left, SeriesSet):
        assert not isinstance(right, SeriesSet)
        return _with_number(expr, left, apply_operator(expr.op, left.values, right))
    assert isinstance(right, SeriesSet)
    return _with_number(expr, right, apply_operator(expr.op, left, right.values))


def _with_number(expr: BinaryOperation, series: SeriesSet, result: NDArray[np.float64]) -> SeriesSet:
    """A comparison that filters keeps the values of the series, on whichever side they are."""
    values, present = outcome(expr, result, series.values, series.present)
    return SeriesSet.of(series.labels, values, present)
