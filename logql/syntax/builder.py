"""Reductions of the grammar to tree nodes. Called while parsing, so that the first fault of a text wins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from lark import Token, Transformer, v_args

from logql.ast import (
    BinaryOperation,
    BinaryOperator,
    Comparison,
    Decolorize,
    Drop,
    Expr,
    Extraction,
    Grouping,
    GroupSide,
    JsonParser,
    Keep,
    LabelFilter,
    LabelFilterAnd,
    LabelFilterBytes,
    LabelFilterDuration,
    LabelFilterIp,
    LabelFilterMatch,
    LabelFilterNumber,
    LabelFilterOr,
    LabelFilterStage,
    LabelFormat,
    LabelRename,
    LabelReplace,
    LabelTemplate,
    LineFilter,
    LineFilterOp,
    LineFormat,
    LineIp,
    LineText,
    Literal,
    LogfmtParser,
    LogQuery,
    LogRange,
    Matcher,
    MatchOp,
    MetricExpr,
    PatternParser,
    RangeAggregation,
    RangeFunction,
    RegexpParser,
    Selector,
    Stage,
    UnpackParser,
    Unwrap,
    UnwrapConversion,
    Variants,
    VectorAggregation,
    VectorAggregationFunction,
    VectorFunction,
    VectorMatching,
)
from logql.errors import ParseError
from logql.limits import MAX_CAPTURES
from logql.syntax.folding import fold
from logql.syntax.numerals import parse_duration
from logql.syntax.pattern_expression import PatternExpression
from logql.syntax.regexp_expression import check_capture_names
from logql.values.byte_size import parse_byte_size
from logql.values.number import parse_float
from logql.values.regex import compile_regex

__all__ = ["Builder"]

T = TypeVar("T")
_StageGroups = list[tuple[Stage, ...]]


@v_args(inline=True)
class Builder(Transformer[Token, Expr]):
    """One method a rule or alias of the grammar; arguments are what the rule's parts were reduced to."""

    # Lists grow in place, since the parser never goes back; nodes take tuples of them.

    def empty(self) -> list[Token]:
        return []

    def appended(self, items: list[T], *rest: T) -> list[T]:
        items.append(rest[-1])
        return items

    def one(self, item: T) -> list[T]:
        return [item]

    labels = matchers = stages = alternatives = extractions = label_items = targets = metrics = one

    def text(self, token: Token) -> str:
        return str(token)

    sign = range_function = vector_function_name = conversion = grouping_word = matching_word = group_side = text
    line_op = matcher_op = comparison = ip_op = text
    or_op = set_op = comparing_op = sum_op = product_op = power_op = text

    def label_list(self, labels: Sequence[Token] = ()) -> tuple[str, ...]:
        return tuple(map(str, labels))

    # Log queries

    def bare_log_query(self, selector: Selector) -> LogQuery:
        return LogQuery(selector)

    def log_query(self, selector: Selector, stages: _StageGroups) -> LogQuery:
        return LogQuery(selector, _flat(stages))

    def selector(self, matchers: Sequence[Matcher] = ()) -> Selector:
        return Selector(tuple(matchers))

    def matcher(self, name: Token, op: str, value: Token) -> Matcher:
        matcher = Matcher(str(name), MatchOp(op), str(value))
        if matcher.op.is_regex:
            _checked(compile_regex, matcher.value)
        return matcher

    def line_filter(self, op: str, alternatives: list[LineText | LineIp]) -> tuple[LineFilter, ...]:
        filter_op = LineFilterOp(op)
        if filter_op.is_negative:
            return tuple(LineFilter(filter_op, (alternative,)) for alternative in alternatives)
        return (LineFilter(filter_op, tuple(alternatives)),)

    def line_text(self, text: Token) -> LineText:
        return LineText(str(text))

    def line_ip(self, pattern: Token) -> LineIp:
        return LineIp(str(pattern))

    def json_parser(self, extractions: Sequence[Extraction] = ()) -> tuple[Stage]:
        return (JsonParser(_few(extractions)),)

    def logfmt_parser(self, flags: list[Token], extractions: Sequence[Extraction] = ()) -> tuple[Stage]:
        return (LogfmtParser("--strict" in flags, "--keep-empty" in flags, _few(extractions)),)

    def regexp_parser(self, regex: Token) -> tuple[Stage]:
        _checked(check_capture_names, str(regex), "invalid regexp parser: ")
        return (RegexpParser(str(regex)),)

    def pattern_parser(self, pattern: Token) -> tuple[Stage]:
        _checked(PatternExpression.for_parser, str(pattern), "invalid pattern parser: ")
        return (PatternParser(str(pattern)),)

    def unpack_parser(self) -> tuple[Stage]:
        return (UnpackParser(),)

    def extraction(self, name: Token, _equals: Token | None = None, expression: Token | None = None) -> Extraction:
        return Extraction(str(name), str(name if expression is None else expression))

    def line_format(self, template: Token) -> tuple[Stage]:
        return (LineFormat(str(template)),)

    def label_format(self, items: list[LabelRename | LabelTemplate]) -> tuple[Stage]:
        return (LabelFormat(tuple(items)),)

    def label_rename(self, target: Token, _equals: Token, source: Token) -> LabelRename:
        return LabelRename(str(target), str(source))

    def label_template(self, target: Token, _equals: Token, template: Token) -> LabelTemplate:
        return LabelTemplate(str(target), str(template))

    def decolorize(self) -> tuple[Stage]:
        return (Decolorize(),)

    def drop(self, targets: list[str | Matcher]) -> tuple[Stage]:
        return (Drop(tuple(targets)),)

    def keep(self, targets: list[str | Matcher]) -> tuple[Stage]:
        return (Keep(tuple(targets)),)

    # Label filters

    def label_filter_stage(self, label_filter: LabelFilter) -> tuple[Stage]:
        return (LabelFilterStage(label_filter),)

    def filter_and(self, left: LabelFilter, *rest: LabelFilter) -> LabelFilter:
        leading = left.filters if isinstance(left, LabelFilterAnd) else (left,)
        return LabelFilterAnd((*leading, rest[-1]))

    def filter_or(self, left: LabelFilter, *rest: LabelFilter) -> LabelFilter:
        leading = left.filters if isinstance(left, LabelFilterOr) else (left,)
        return LabelFilterOr((*leading, rest[-1]))

    def filter_match(self, matcher: Matcher) -> LabelFilter:
        return LabelFilterMatch(matcher)

    def filter_number(self, name: Token, op: str, value: float) -> LabelFilter:
        return LabelFilterNumber(str(name), _comparison(op), value)

    def filter_duration(self, name: Token, op: str, duration: Token) -> LabelFilter:
        return LabelFilterDuration(str(name), _comparison(op), _signed_duration(duration))

    def filter_bytes(self, name: Token, op: str, size: Token) -> LabelFilter:
        return LabelFilterBytes(str(name), _comparison(op), parse_byte_size(str(size)))

    def filter_ip(self, name: Token, op: str, pattern: Token) -> LabelFilter:
        return LabelFilterIp(str(name), op == "!=", str(pattern))

    # Metric queries

    def number(self, *parts: Token) -> float:
        value = cast(float, _checked(parse_float, str(parts[-1]), "unable to parse literal as a float: "))
        return -value if parts[0] == "-" else value

    def literal(self, value: float) -> Literal:
        return Literal(value)

    def vector_function(self, number: Token) -> VectorFunction:
        return VectorFunction(_checked(parse_float, str(number), "unable to parse vectorExpr as a float: "))

    def binary(self, left: Expr, op: str, modifiers: tuple[bool, VectorMatching | None], right: Expr) -> MetricExpr:
        operation = BinaryOperation(
            BinaryOperator(op.lower()), cast(MetricExpr, left), cast(MetricExpr, right), *modifiers
        )
        return fold(operation)

    def modifiers(self, bool_word: Token | None, matching: VectorMatching | None) -> tuple[bool, VectorMatching | None]:
        return bool_word is not None, matching

    def matching(
        self, word: str, names: tuple[str, ...], side: str | None, include: tuple[str, ...] | None
    ) -> VectorMatching:
        group = None if side is None else GroupSide(side.lower())
        return VectorMatching(word.lower() == "on", names, group, include or ())

    def range_aggregation(
        self, function: str, number: Token | None, log_range: LogRange, grouping: Grouping | None
    ) -> RangeAggregation:
        return RangeAggregation(RangeFunction(function.lower()), log_range, grouping, _parameter(number))

    def vector_aggregation(
        self, function: str, number: Token | None, expr: MetricExpr, grouping: Grouping | None
    ) -> VectorAggregation:
        # Grouping by nothing is one group, which no grouping means as well.
        grouping = None if grouping == Grouping(False, ()) else grouping
        return VectorAggregation(VectorAggregationFunction(function.lower()), expr, grouping, _parameter(number))

    def grouped_vector_aggregation(
        self, function: str, grouping: Grouping, number: Token | None, expr: MetricExpr
    ) -> VectorAggregation:
        return self.vector_aggregation(function, number, expr, grouping)

    def label_replace(self, expr: MetricExpr, *texts: Token) -> LabelReplace:
        target, replacement, source, regex = map(str, texts)
        return LabelReplace(expr, target, replacement, source, regex)

    def grouping(self, word: str, names: tuple[str, ...]) -> Grouping:
        return Grouping(word.lower() == "without", names)

    def range_first(
        self,
        selector: Selector,
        window: Token,
        offset: int | None,
        stages: _StageGroups | None,
        unwrap: Unwrap | None,
    ) -> LogRange:
        return LogRange(LogQuery(selector, _flat(stages)), unwrap, int(window), offset or 0)

    def range_first_then_unwrap(
        self, selector: Selector, window: Token, offset: int | None, unwrap: Unwrap
    ) -> LogRange:
        return self.range_first(selector, window, offset, None, unwrap)

    def range_after_stages(
        self, selector: Selector, stages: _StageGroups | None, window: Token, offset: int | None
    ) -> LogRange:
        return self.range_first(selector, window, offset, stages, None)

    def range_after_unwrap(
        self, selector: Selector, stages: _StageGroups | None, unwrap: Unwrap, window: Token, offset: int | None
    ) -> LogRange:
        return self.range_first(selector, window, offset, stages, unwrap)

    def offset(self, duration: Token) -> int:
        return _signed_duration(duration)

    def unwrap(self, *parts: str) -> Unwrap:
        conversion = parts[0].lower() if len(parts) == 2 else ""
        return Unwrap(str(parts[-1]), UnwrapConversion(conversion))

    def unwrap_filter(self, unwrap: Unwrap, label_filter: LabelFilter) -> Unwrap:
        return Unwrap(unwrap.name, unwrap.conversion, (*unwrap.filters, label_filter))

    def variants(self, expressions: list[MetricExpr], log_range: LogRange) -> Variants:
        return Variants(tuple(expressions), log_range)


def _few(extractions: Sequence[Extraction]) -> tuple[Extraction, ...]:
    if len(extractions) > MAX_CAPTURES:
        raise ParseError(f"too many labels for one parser: {len(extractions)}, limit: {MAX_CAPTURES}")
    return tuple(extractions)


def _flat(groups: _StageGroups | None) -> tuple[Stage, ...]:
    return tuple(stage for group in groups or () for stage in group)


def _comparison(op: str) -> Comparison:
    return Comparison("==" if op == "=" else op)


def _signed_duration(text: str) -> int:
    return -parse_duration(text[1:]) if text[0] == "-" else parse_duration(str(text))


def _parameter(number: Token | None) -> float | None:
    return None if number is None else _checked(parse_float, str(number), "unable to parse literal as a float: ")


def _checked(read: Any, text: str, prefix: str = "") -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise ParseError(f"{prefix}{error}") from error
