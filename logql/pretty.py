"""A query printed over several lines, as Loki's format_query does: what is longer than 100 characters is split.

Parsing what is printed gives the same tree. How deep a part stands does not count for its length.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from logql.ast import (
    BinaryOperation,
    BinaryOperator,
    Decolorize,
    Expr,
    Grouping,
    LabelReplace,
    LineFilter,
    LogQuery,
    LogRange,
    MetricExpr,
    RangeAggregation,
    Stage,
    Unwrap,
    Variants,
    VectorAggregation,
)
from logql.values.go_duration import format_go_duration
from logql.values.number import format_number
from logql.values.prometheus_duration import format_prometheus_duration
from storage.text import go_quote

__all__ = ["pretty"]

_LONGEST_LINE = 100
_INDENT = "  "
_BINDING = (("or",), ("and", "unless"), ("==", "!=", ">", ">=", "<", "<="), ("+", "-"), ("*", "/", "%"), ("^",))
_STRENGTH = {BinaryOperator(op): strength for strength, ops in enumerate(_BINDING) for op in ops}


def pretty(expr: Expr, level: int = 0) -> str:
    """The query; each of its lines is indented by at least ``level`` steps."""
    if len(str(expr)) <= _LONGEST_LINE and not isinstance(expr, Variants):
        return _line(str(expr), level)
    match expr:
        case LogQuery():
            return "\n".join(_log_query(expr, level))
        case RangeAggregation():
            grouping = f" {_grouping(expr.grouping)}" if expr.grouping else ""
            operands = [*_parameter(expr.parameter, level + 1), _log_range(expr.log_range, level + 1)]
            return _call(expr.function.value, operands, level) + grouping
        case VectorAggregation():
            grouping = f" {_grouping(expr.grouping)}" if expr.grouping else ""
            operands = [*_parameter(expr.parameter, level + 1), pretty(expr.expr, level + 1)]
            return _call(expr.function.value + grouping, operands, level)
        case LabelReplace():
            texts = map(go_quote, (expr.target, expr.replacement, expr.source, expr.regex))
            operands = [pretty(expr.expr, level + 1), *(_line(text, level + 1) for text in texts)]
            return _call("label_replace", operands, level)
        case BinaryOperation():
            return _binary_operation(expr, level)
        case Variants():
            variants = _call("variants", [pretty(each, level + 1) for each in expr.expressions], level)
            return f"{variants} of {_call('', [_log_range(expr.log_range, level + 1)], level)}"
    return _line(str(expr), level)


def _line(text: str, level: int) -> str:
    return _INDENT * level + text


def _call(name: str, operands: Iterable[str], level: int) -> str:
    return "\n".join([_line(f"{name}(", level), ",\n".join(operands), _line(")", level)])


def _parameter(parameter: float | None, level: int) -> list[str]:
    return [] if parameter is None else [_line(format_number(parameter), level)]


def _grouping(grouping: Grouping) -> str:
    return f"{'without' if grouping.without else 'by'} ({', '.join(grouping.names)})"


def _log_query(query: LogQuery, level: int) -> list[str]:
    """The selector, then a line for each stage, or for each run of line filters."""
    lines = [_line(str(query.selector), level)]
    for is_filters, stages in groupby(query.stages, lambda stage: isinstance(stage, LineFilter)):
        if is_filters:
            lines.append(_line(" ".join(map(str, stages)), level + 1))
        else:
            lines += [_stage(stage, level + 1) for stage in stages]
    return lines


def _stage(stage: Stage, level: int) -> str:
    return _line(str(stage), 0 if isinstance(stage, Decolorize) else level)  # as Loki does


def _log_range(log_range: LogRange, level: int) -> str:
    lines = _log_query(log_range.query, level)
    if log_range.unwrap:
        lines += [_line(text, level + 1) for text in _unwrap(log_range.unwrap)]
    offset = f" offset {_offset(log_range.offset_ns)}" if log_range.offset_ns else ""
    return "\n".join(lines) + f" [{format_prometheus_duration(log_range.range_ns)}]{offset}"


def _offset(offset_ns: int) -> str:
    is_coarse = offset_ns % 10**6 == 0
    return format_prometheus_duration(offset_ns) if is_coarse else format_go_duration(offset_ns)


def _unwrap(unwrap: Unwrap) -> list[str]:
    alone = Unwrap(unwrap.name, unwrap.conversion)
    return [str(alone), *(f"| {each}" for each in unwrap.filters)]


def _binary_operation(expr: BinaryOperation, level: int) -> str:
    strength, is_power = _STRENGTH[expr.op], expr.op is BinaryOperator.POW
    left = _operand(expr.left, strength + is_power, level + 1)
    right = _operand(expr.right, strength + (not is_power), level + 1)
    operator = _operator(expr, needs_list=right.lstrip().startswith("("))
    return "\n".join([left, _line(operator, level), right])


def _operand(expr: MetricExpr, strength: int, level: int) -> str:
    """On one line with its parentheses where it would fall apart without them."""
    falls_apart = isinstance(expr, BinaryOperation) and _STRENGTH[expr.op] < strength
    return _line(str(expr), level) if falls_apart else pretty(expr, level)


def _operator(expr: BinaryOperation, needs_list: bool) -> str:
    words, matching = [expr.op.value] + ["bool"] * expr.return_bool, expr.matching
    if matching is None:
        return " ".join(words)
    words.append(f"{'on' if matching.on else 'ignoring'} ({', '.join(matching.names)})")
    words.append(matching.group.value if matching.group else "")
    if matching.include or (matching.group and needs_list):
        words.append(f"({', '.join(matching.include)})")
    return " ".join(words)
