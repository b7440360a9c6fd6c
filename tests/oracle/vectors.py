"""Section 12.1: vector aggregations at one point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from logql.ast import Grouping, VectorAggregation, VectorAggregationFunction
from storage.labels import Labels
from tests.oracle.errors import Unspecified
from tests.oracle.statistics import mean, variance

__all__ = ["Vector", "aggregated"]

Vector = list[tuple[Labels, float]]
_F = VectorAggregationFunction


def aggregated(expr: VectorAggregation, vector: Vector) -> Vector:
    if expr.function in (_F.SORT, _F.SORT_DESC):
        return _sorted(vector, is_descending=expr.function is _F.SORT_DESC)
    groups: dict[Labels, Vector] = {}
    for labels, value in vector:
        groups.setdefault(_key(labels, expr.grouping), []).append((labels, value))
    if expr.function in (_F.TOPK, _F.BOTTOMK):
        size, is_largest = int(expr.parameter or 0), expr.function is _F.TOPK
        return [sample for group in groups.values() for sample in _extreme(group, size, is_largest)]
    return [(key, _reduced(expr.function, [value for _, value in group])) for key, group in groups.items()]


def _key(labels: Labels, grouping: Grouping | None) -> Labels:
    if grouping is None:
        return Labels()
    if grouping.without:
        hidden = (*grouping.names, "__name__")
        return Labels({name: text for name, text in labels.items() if text and name not in hidden})
    return Labels({name: labels[name] for name in grouping.names if name in labels})


def _reduced(function: VectorAggregationFunction, values: Sequence[float]) -> float:
    match function:
        case _F.SUM:
            total = 0.0
            for value in values:
                total += value
            return total
        case _F.AVG:
            if any(map(math.isinf, values)) and len(values) > 1:
                raise Unspecified("a running mean over infinities in no order")
            return mean(values)
        case _F.COUNT:
            return len(values)
        case _F.MIN | _F.MAX:
            numbers = [value for value in values if not math.isnan(value)]
            return (min if function is _F.MIN else max)(numbers, default=math.nan)
        case _F.STDVAR:
            return _variance(values)
        case _F.STDDEV:
            return math.sqrt(_variance(values))
    raise AssertionError(function)


def _variance(values: Sequence[float]) -> float:
    """One series does not vary, were it infinite."""
    return variance(values) if len(values) > 1 else 0.0


def _sorted(vector: Vector, is_descending: bool) -> Vector:
    """NaN last."""
    return sorted(vector, key=lambda sample: _rank(sample[1], is_descending))


def _rank(value: float, is_descending: bool) -> tuple[bool, float]:
    return (True, 0.0) if math.isnan(value) else (False, -value if is_descending else value)


def _extreme(group: Vector, size: int, is_largest: bool) -> Vector:
    """The best ``size`` of the group; which of equal ones survive is open, so then there is no answer."""
    ordered = _sorted(group, is_descending=is_largest)
    kept, left = ordered[:size], ordered[size:]
    if kept and left and _rank(kept[-1][1], is_largest) == _rank(left[0][1], is_largest):
        raise Unspecified("equal values at the edge of topk or bottomk")
    return kept
