"""One expression to its value: a number, or series on the grid."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from logql.ast import (
    BinaryOperation,
    LabelReplace,
    Literal,
    MetricExpr,
    RangeAggregation,
    Variants,
    VectorAggregation,
    VectorAggregationFunction,
    VectorFunction,
)
from logql.errors import QueryError
from logql.evaluate.binary import binary_operation
from logql.evaluate.constant import constant_series
from logql.evaluate.context import Context
from logql.evaluate.range import adds_up, range_aggregation
from logql.evaluate.replace import label_replace
from logql.evaluate.variants import joined_variants
from logql.evaluate.vector import vector_aggregation
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet

__all__ = ["evaluate", "final_aggregation"]


def evaluate(expr: MetricExpr | Variants, context: Context) -> SeriesSet | float:
    """Raises QueryError. The depth of a tree is limited where it is parsed, so recursion is safe."""
    match expr:
        case Literal(value):
            return value
        case VectorFunction(value):
            return constant_series(value, context.grid)
        case RangeAggregation():
            return range_aggregation(expr, None, context)
        case VectorAggregation():
            return _vector_aggregation(expr, context)
        case BinaryOperation():
            return binary_operation(expr, evaluate(expr.left, context), evaluate(expr.right, context))
        case LabelReplace():
            return label_replace(expr, _series(expr.expr, "label_replace", context))
        case Variants():
            return joined_variants(expr, context, _variant)
    assert_never(expr)


def final_aggregation(expr: MetricExpr | Variants) -> RangeAggregation | None:
    """The range aggregation whose series are those of the answer, if there is one."""
    return expr if isinstance(expr, RangeAggregation) else _pushed_down(expr)


def _variant(expr: MetricExpr, context: Context) -> SeriesSet | float:
    """Each has an answer of its own."""
    return evaluate(expr, replace(context, final=final_aggregation(expr)))


def _vector_aggregation(expr: VectorAggregation, context: Context) -> SeriesSet:
    pushed = _pushed_down(expr)
    if pushed is not None:
        return range_aggregation(pushed, LabelKey.of(expr.grouping), context)
    return vector_aggregation(expr, _series(expr.expr, expr.function.value, context))


def _pushed_down(expr: MetricExpr | Variants) -> RangeAggregation | None:
    """The range aggregation that can do the work of a ``sum`` over it."""
    if not isinstance(expr, VectorAggregation) or expr.function is not VectorAggregationFunction.SUM:
        return None
    return expr.expr if isinstance(expr.expr, RangeAggregation) and adds_up(expr.expr) else None


def _series(expr: MetricExpr, user: str, context: Context) -> SeriesSet:
    value = evaluate(expr, context)
    if not isinstance(value, SeriesSet):
        raise QueryError(f"{user} needs series, not the number {expr}")
    return value
