"""``variants(e1, e2) of ({app="web"} | json [5m])``: several aggregations of one pipeline in one answer.

Each is what it would be alone, over the pipeline behind ``of``; its series carry its number as ``__variant__``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from logql.ast import LogQuery, LogRange, MetricExpr, RangeAggregation, Variants, VectorAggregation
from logql.errors import QueryError
from logql.evaluate.context import Context
from logql.samples.series_set import SeriesSet
from logql.series_limit import TooManySeries
from storage.labels import Labels

__all__ = ["VARIANT", "joined_variants", "rewritten"]

VARIANT = "__variant__"
Evaluate = Callable[[MetricExpr, Context], SeriesSet | float]


def rewritten(expr: Variants) -> Variants:
    """Each expression over the pipeline behind ``of``, which an aggregation of an aggregation continues with its own.

    Raises QueryError for what is neither an aggregation over a range nor one over that.
    """
    return replace(expr, expressions=tuple(_over(each, expr.log_range) for each in expr.expressions))


def _over(expr: MetricExpr, common: LogRange) -> MetricExpr:
    if isinstance(expr, RangeAggregation):
        return replace(expr, log_range=replace(expr.log_range, query=common.query))
    if isinstance(expr, VectorAggregation) and isinstance(expr.expr, RangeAggregation):
        inner = expr.expr.log_range
        query = LogQuery(common.query.selector, (*common.query.stages, *inner.query.stages))
        return replace(expr, expr=replace(expr.expr, log_range=replace(inner, query=query)))
    raise QueryError(
        f"a variant is a range aggregation or a vector aggregation of one, not {expr}: ask for it in a query of its own"
    )


def joined_variants(expr: Variants, context: Context, evaluate: Evaluate) -> SeriesSet:
    """The series of all; a variant with too many is left out with a warning."""
    found = [_series(number, each, context, evaluate) for number, each in enumerate(expr.expressions)]
    return SeriesSet(
        tuple(labels for series in found for labels in series.labels),
        np.concatenate([series.values for series in found]),
        np.concatenate([series.present for series in found]),
    )


def _series(number: int, expr: MetricExpr, context: Context, evaluate: Evaluate) -> SeriesSet:
    nothing = np.zeros((0, context.grid.points))
    try:
        series = evaluate(expr, context)
    except TooManySeries:
        series = None
    assert not isinstance(series, float)
    if series is None or (context.max_series and len(series) > context.max_series):
        context.warnings.append(f"maximum of series ({context.max_series}) reached for variant ({number})")
        return SeriesSet((), nothing, nothing.astype(np.bool_))
    return replace(series, labels=tuple(_named(labels, number) for labels in series.labels))


def _named(labels: Labels, number: int) -> Labels:
    return Labels({**dict(labels.pairs), VARIANT: str(number)})
