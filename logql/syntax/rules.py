"""Rules beyond the grammar that every query must keep: selectors, unwrap, grouping, parameters, types of legs."""

from __future__ import annotations

from logql.ast import (
    BinaryOperation,
    Expr,
    LabelReplace,
    Literal,
    LogQuery,
    RangeAggregation,
    RangeFunction,
    Selector,
    VectorAggregation,
    VectorAggregationFunction,
)
from logql.ast.walk import walk
from logql.errors import ParseError
from logql.values.number import format_number
from logql.values.regex import compile_regex

__all__ = ["check_rules"]

_EMPTY_SELECTOR = (
    "queries require at least one regexp or equality matcher that does not have an empty-compatible value. "
    'For instance, app=~".*" does not meet this requirement, but app=~".+" will'
)
_F = RangeFunction
_WITHOUT_UNWRAP = {_F.COUNT_OVER_TIME, _F.BYTES_OVER_TIME, _F.BYTES_RATE}
_UNWRAP_OPTIONAL = {_F.RATE, _F.ABSENT_OVER_TIME}
_UNGROUPED = _WITHOUT_UNWRAP | _UNWRAP_OPTIONAL | {_F.RATE_COUNTER, _F.SUM_OVER_TIME}

_V = VectorAggregationFunction
_COUNTED = {_V.TOPK, _V.BOTTOMK, _V.APPROX_TOPK}


def check_rules(expr: Expr) -> None:
    """Raises ParseError for the first broken rule, outer nodes before inner ones."""
    for node, _ in walk(expr):
        match node:
            case Selector():
                _check_selector(node)
            case RangeAggregation():
                _check_range_aggregation(node)
            case VectorAggregation():
                _check_vector_aggregation(node)
            case BinaryOperation():
                _check_leg(node, "left")
                _check_leg(node, "right")
            case LabelReplace():
                _check_label_replace(node)


def _check_selector(selector: Selector) -> None:
    if all(matcher.matches_empty for matcher in selector.matchers):
        raise ParseError(_EMPTY_SELECTOR)


def _check_range_aggregation(node: RangeAggregation) -> None:
    name = node.function.value
    if node.parameter is not None and node.function is not _F.QUANTILE_OVER_TIME:
        raise ParseError(f"parameter {format_number(node.parameter)} not supported for operation {name}")
    if node.parameter is None and node.function is _F.QUANTILE_OVER_TIME:
        raise ParseError(f"parameter required for operation {name}")
    if node.grouping is not None and node.function in _UNGROUPED:
        raise ParseError(f"grouping not allowed for {name} aggregation")
    if node.log_range.unwrap is not None and node.function in _WITHOUT_UNWRAP:
        raise ParseError(f"invalid aggregation {name} with unwrap")
    if node.log_range.unwrap is None and node.function not in _WITHOUT_UNWRAP | _UNWRAP_OPTIONAL:
        raise ParseError(f"invalid aggregation {name} without unwrap")


def _check_vector_aggregation(node: VectorAggregation) -> None:
    name, parameter = node.function.value, node.parameter
    if node.function in _COUNTED:
        _check_count(name, parameter)
    elif parameter is not None:
        raise ParseError(f"unsupported parameter for operation {name}({format_number(parameter)},")
    if node.grouping is None:
        return
    if node.function in (_V.SORT, _V.SORT_DESC) and node.grouping.names:
        raise ParseError("sort and sort_desc doesn't allow grouping by ")
    if node.function is _V.APPROX_TOPK:
        raise ParseError(f"grouping not allowed for {name} aggregation")


def _check_count(name: str, parameter: float | None) -> None:
    if parameter is None:
        raise ParseError(f"parameter required for operation {name}")
    if not parameter.is_integer():
        raise ParseError(f"invalid parameter {name}({format_number(parameter)},")
    if parameter <= 0:
        raise ParseError(f"invalid parameter (must be greater than 0) {name}({format_number(parameter)}")


def _check_leg(node: BinaryOperation, side: str) -> None:
    leg: Expr = node.left if side == "left" else node.right
    if isinstance(leg, LogQuery):
        kind = "*syntax.PipelineExpr" if leg.stages else "*syntax.MatchersExpr"
        raise ParseError(f"unexpected type for {side} leg of binary operation ({node.op.value}): {kind}")
    if isinstance(leg, Literal) and node.op.is_set:
        raise ParseError(
            f"unexpected literal for {side} leg of logical/set binary operation ({node.op.value}): {leg.value:f}"
        )


def _check_label_replace(node: LabelReplace) -> None:
    try:
        compile_regex(f"^(?:{node.regex})$")
    except ValueError as error:
        raise ParseError(f"invalid regex in label_replace: {error}") from error
