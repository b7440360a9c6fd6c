"""The operators of metric queries on arrays, with LogQL's answers where they differ from IEEE 754's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from logql.ast import BinaryOperator

__all__ = ["apply_operator"]

Floats = NDArray[np.float64]


def apply_operator(op: BinaryOperator, left: Floats | float, right: Floats | float) -> Floats:
    """Element by element, broadcast. Comparisons answer 1 and 0; division and modulo by 0 answer NaN."""
    with np.errstate(all="ignore"):
        return np.asarray(_OPERATORS[op](left, right), np.float64)


def _divide(left: Floats | float, right: Floats | float) -> Floats:
    return np.where(right == 0, np.nan, np.divide(left, right))


def _modulo(left: Floats | float, right: Floats | float) -> Floats:
    return np.where(right == 0, np.nan, np.fmod(left, right))


_OPERATORS: Mapping[BinaryOperator, Callable[[Floats | float, Floats | float], object]] = {
    BinaryOperator.ADD: np.add,
    BinaryOperator.SUB: np.subtract,
    BinaryOperator.MUL: np.multiply,
    BinaryOperator.DIV: _divide,
    BinaryOperator.MOD: _modulo,
    BinaryOperator.POW: np.power,
    BinaryOperator.EQ: np.equal,
    BinaryOperator.NEQ: np.not_equal,
    BinaryOperator.GT: np.greater,
    BinaryOperator.GE: np.greater_equal,
    BinaryOperator.LT: np.less,
    BinaryOperator.LE: np.less_equal,
}
