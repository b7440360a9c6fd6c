"""One expression to its value: a number, or series on the grid."""

from __future__ import annotations

from logql.ast import (
    BinaryOperation,
    Literal,
    MetricExpr,
    RangeAggregation,
    VectorAggregation,
    VectorAggregationFunction,
    VectorFunction,
)
from logql.errors import NotBuilt, ParseError
from logql.evaluate.binary import binary_operation
from logql.evaluate.constant import constant_series
from logql.evaluate.context import Context
from logql.evaluate.range import adds_up, range_aggregation
from logql.evaluate.vector import reduced
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet

__all__ = ["evaluate"]


def evaluate(expr: MetricExpr, context: Context) -> SeriesSet | float:
    """Raises QueryError."""
    match expr:
        case Literal(value):
            return value
        case VectorFunction(value):
            return constant_series(value, context.grid)
        case RangeAggregation():
            return range_aggregation(expr, LabelKey.all(), context)
        case VectorAggregation():
            return _vector_aggregation(expr, context)
        case BinaryOperation():
            return binary_operation(expr, evaluate(expr.left, context), evaluate(expr.right, context))
    raise NotBuilt(str(expr).split("(", 1)[0])


def _vector_aggregation(expr: VectorAggregation, context: Context) -> SeriesSet:
    key = LabelKey.of(expr.grouping)
    inner = expr.expr
    if expr.function is VectorAggregationFunction.SUM and isinstance(inner, RangeAggregation) and adds_up(inner):
        return range_aggregation(inner, key, context)
    series = evaluate(inner, context)
    if not isinstance(series, SeriesSet):
        raise ParseError(f"{expr.function.value} needs series, not the number {inner}")
    return reduced(expr.function, series, key)
