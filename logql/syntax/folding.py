"""Operations on two literals are computed while parsing."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from logql.ast import BinaryOperation, BinaryOperator, Literal, MetricExpr

__all__ = ["fold"]


def _divide(left: float, right: float) -> float:
    return math.nan if right == 0 else left / right


def _modulo(left: float, right: float) -> float:
    if right == 0 or math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def _power(left: float, right: float) -> float:
    """C's pow(); Python raises for a negative base with a fraction, for zero to a negative and for overflow."""
    odd = right % 2 == 1 if math.isfinite(right) else False
    try:
        return math.pow(left, right)
    except ValueError:
        if left != 0:
            return math.nan
        return math.copysign(math.inf, left) if odd else math.inf
    except OverflowError:
        return -math.inf if left < 0 and odd else math.inf


_FUNCTIONS: dict[BinaryOperator, Callable[[float, float], float]] = {
    BinaryOperator.ADD: operator.add,
    BinaryOperator.SUB: operator.sub,
    BinaryOperator.MUL: operator.mul,
    BinaryOperator.DIV: _divide,
    BinaryOperator.MOD: _modulo,
    BinaryOperator.POW: _power,
    BinaryOperator.EQ: operator.eq,
    BinaryOperator.NEQ: operator.ne,
    BinaryOperator.GT: operator.gt,
    BinaryOperator.GE: operator.ge,
    BinaryOperator.LT: operator.lt,
    BinaryOperator.LE: operator.le,
}


def fold(operation: BinaryOperation) -> MetricExpr:
    """A literal where both legs are literals (comparisons give 1 or 0); set operations stay, as errors."""
    left, right = operation.left, operation.right
    if operation.op.is_set or not isinstance(left, Literal) or not isinstance(right, Literal):
        return operation
    value = float(_FUNCTIONS[operation.op](left.value, right.value))
    return Literal(math.nan if math.isnan(value) else value)
