"""Sections 12.3 to 12.5: operators between numbers and vectors at one point, and label_replace."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from logql.ast import BinaryOperation, BinaryOperator, GroupSide, LabelReplace, VectorMatching
from storage.labels import Labels
from tests.oracle.errors import OracleError
from tests.oracle.regexes import compiled, expanded
from tests.oracle.vectors import Vector

__all__ = ["operated", "with_label_replaced"]

_O = BinaryOperator
_ALL_LABELS = VectorMatching(False, ())
_MANY_TO_MANY = (
    "found duplicate series on the {} hand-side;many-to-many matching not allowed: "
    "matching labels must be unique on one side"
)
_MANY_TO_ONE = "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
_NOT_UNIQUE = "multiple matches for labels: grouping labels must ensure unique matches"

_FUNCTIONS: Mapping[BinaryOperator, Callable[[np.float64, np.float64], object]] = {
    _O.ADD: np.add,
    _O.SUB: np.subtract,
    _O.MUL: np.multiply,
    _O.DIV: lambda left, right: np.nan if right == 0 else left / right,
    _O.MOD: lambda left, right: np.nan if right == 0 else np.fmod(left, right),
    _O.POW: np.power,
    _O.EQ: np.equal,
    _O.NEQ: np.not_equal,
    _O.GT: np.greater,
    _O.GE: np.greater_equal,
    _O.LT: np.less,
    _O.LE: np.less_equal,
}


def operated(expr: BinaryOperation, left: Vector | float, right: Vector | float) -> Vector | float:
    if isinstance(left, list) and isinstance(right, list):
        return _set_operated(expr, left, right) if expr.op.is_set else _matched(expr, left, right)
    if isinstance(left, list):
        assert not isinstance(right, list)
        return [(labels, kept) for labels, value in left for kept in _kept(expr, value, right, value)]
    if isinstance(right, list):
        return [(labels, kept) for labels, value in right for kept in _kept(expr, left, value, value)]
    return _applied(expr.op, left, right)


def _applied(op: BinaryOperator, left: float, right: float) -> float:
    with np.errstate(all="ignore"):
        return float(_FUNCTIONS[op](np.float64(left), np.float64(right)))  # type: ignore[arg-type]


def _kept(expr: BinaryOperation, left: float, right: float, value: float) -> list[float]:
    """The result as a list, empty where a comparison drops the sample whose value is ``value``."""
    result = _applied(expr.op, left, right)
    if expr.op.is_comparison and not expr.return_bool:
        return [value] if result else []
    return [result]


def _key(labels: Labels, matching: VectorMatching) -> Labels:
    return Labels({name: text for name, text in labels.items() if text and (name in matching.names) == matching.on})


def _set_operated(expr: BinaryOperation, left: Vector, right: Vector) -> Vector:
    matching = expr.matching or _ALL_LABELS
    left_keys, right_keys = ({_key(labels, matching) for labels, _ in side} for side in (left, right))
    if expr.op is _O.OR:
        return left + [sample for sample in right if _key(sample[0], matching) not in left_keys]
    return [sample for sample in left if (_key(sample[0], matching) in right_keys) == (expr.op is _O.AND)]


def _matched(expr: BinaryOperation, left: Vector, right: Vector) -> Vector:
    """``many`` is the side that group_left or group_right names; the left one when neither does."""
    matching = expr.matching or _ALL_LABELS
    is_swapped = matching.group is GroupSide.RIGHT
    many, one = (right, left) if is_swapped else (left, right)
    by_key: dict[Labels, tuple[Labels, float]] = {}
    for sample in one:
        if by_key.setdefault(_key(sample[0], matching), sample) is not sample:
            raise OracleError("matching", _MANY_TO_MANY.format("left" if is_swapped else "right"))
    results: Vector = []
    seen: set[Labels] = set()
    for labels, value in many:
        key = _key(labels, matching)
        if key not in by_key:
            continue
        other_labels, other_value = by_key[key]
        result_labels = _result_labels(matching, labels, other_labels)
        identity = key if matching.group is None else result_labels
        if identity in seen:
            raise OracleError("matching", _MANY_TO_ONE if matching.group is None else _NOT_UNIQUE)
        seen.add(identity)
        first, second = (other_value, value) if is_swapped else (value, other_value)
        results += [(result_labels, kept) for kept in _kept(expr, first, second, first)]
    return results


def _result_labels(matching: VectorMatching, many: Labels, one: Labels) -> Labels:
    if matching.group is None:
        return _key(many, matching)
    kept = {name: text for name, text in many.items() if text and name not in matching.include}
    return Labels({**kept, **{name: one[name] for name in matching.include if one.get(name)}})


def with_label_replaced(expr: LabelReplace, vector: Vector) -> Vector:
    return [(_replaced(expr, labels), value) for labels, value in vector]


def _replaced(expr: LabelReplace, labels: Labels) -> Labels:
    match = compiled(expr.regex).fullmatch(labels.get(expr.source, ""))
    if match is None:
        return labels
    text = expanded(expr.replacement, match)
    others = {name: value for name, value in labels.items() if value and name != expr.target}
    return Labels({**others, expr.target: text} if text else others)
