"""Arithmetic and comparisons: between a number and series, or between series with the same labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.arithmetic import apply_operator
from logql.ast import BinaryOperation
from logql.errors import NotBuilt
from logql.samples.series_set import SeriesSet

__all__ = ["binary_operation"]


def binary_operation(expr: BinaryOperation, left: SeriesSet | float, right: SeriesSet | float) -> SeriesSet:
    """``left op right``; two numbers were folded when the query was parsed."""
    if expr.op.is_set or expr.matching is not None:
        raise NotBuilt(f"the operator '{expr.op.value}' between series with label matching")
    if isinstance(left, SeriesSet) and isinstance(right, SeriesSet):
        return _on_equal_labels(expr, left, right)
    if isinstance(left, SeriesSet):
        return _answer(expr, left, left.present, apply_operator(expr.op, left.values, _number(right)))
    assert isinstance(right, SeriesSet)
    return _answer(expr, right, right.present, apply_operator(expr.op, _number(left), right.values))


def _number(value: SeriesSet | float) -> NDArray[np.float64]:
    assert not isinstance(value, SeriesSet)
    return np.asarray(value, np.float64)


def _on_equal_labels(expr: BinaryOperation, left: SeriesSet, right: SeriesSet) -> SeriesSet:
    place = {labels: number for number, labels in enumerate(right.labels)}
    ours = [number for number, labels in enumerate(left.labels) if labels in place]
    theirs = [place[left.labels[number]] for number in ours]
    matched = SeriesSet(tuple(left.labels[number] for number in ours), left.values[ours], left.present[ours])
    result = apply_operator(expr.op, matched.values, right.values[theirs])
    return _answer(expr, matched, matched.present & right.present[theirs], result)


def _answer(
    expr: BinaryOperation, kept: SeriesSet, present: NDArray[np.bool_], result: NDArray[np.float64]
) -> SeriesSet:
    """A comparison without ``bool`` keeps the samples of ``kept`` for which it holds."""
    if expr.op.is_comparison and not expr.return_bool:
        return SeriesSet.of(kept.labels, kept.values, present & (result != 0))
    return SeriesSet.of(kept.labels, result, present)
