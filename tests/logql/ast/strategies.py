"""Hypothesis strategies for every kind of syntax tree node that keeps the rules of the language."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

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

__all__ = ["expressions", "log_queries", "metric_expressions"]

names = st.one_of(
    st.sampled_from(["app", "level", "rate", "sum", "ip", "bytes", "duration", "_x1", "été", "日本"]),
    st.from_regex(r"[A-Z_][A-Za-z0-9_]{0,5}9", fullmatch=True),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
regexes = st.sampled_from(["", "a|b", "x.*", "x+y", "(?i)foo", r"\d{2}\.\w", 'q"uo', "`", "[^\n]", r"\Qa|\E"])

matchers = st.one_of(
    st.builds(Matcher, names, st.sampled_from([MatchOp.EQ, MatchOp.NEQ]), texts),
    st.builds(Matcher, names, st.sampled_from([MatchOp.RE, MatchOp.NRE]), regexes),
)
# One matcher that refuses the empty value makes any selector acceptable.
selectors = st.builds(lambda some: Selector((*some, Matcher("app", MatchOp.EQ, "x"))), st.lists(matchers, max_size=2))

_alternatives = st.one_of(st.builds(LineText, texts), st.builds(LineIp, texts))
line_filters = st.one_of(
    st.builds(
        LineFilter,
        st.sampled_from([op for op in LineFilterOp if not op.is_negative]),
        st.lists(_alternatives, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(LineFilter, st.sampled_from([op for op in LineFilterOp if op.is_negative]), st.tuples(_alternatives)),
)

_comparisons = st.sampled_from(Comparison)
_numbers = st.floats(allow_nan=False, allow_infinity=False)
_durations_ns = st.integers(-(10**18), 10**18)
_sizes = st.one_of(st.integers(0, 10**6), st.sampled_from([5 * 1024, 1 << 40, 123456789, 10**18])).map(float)
_simple_filters: st.SearchStrategy[LabelFilter] = st.one_of(
    st.builds(LabelFilterMatch, matchers),
    st.builds(LabelFilterNumber, names, _comparisons, _numbers),
    st.builds(LabelFilterDuration, names, _comparisons, _durations_ns),
    st.builds(LabelFilterBytes, names, _comparisons, _sizes),
    st.builds(LabelFilterIp, names, st.booleans(), texts),
)


def _combined(inner: st.SearchStrategy[LabelFilter]) -> st.SearchStrategy[LabelFilter]:
    members = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        members.filter(lambda some: not isinstance(some[0], LabelFilterAnd)).map(LabelFilterAnd),
        members.filter(lambda some: not isinstance(some[0], LabelFilterOr)).map(LabelFilterOr),
    )


label_filters = st.recursive(_simple_filters, _combined, max_leaves=5)

_extractions = st.lists(st.builds(Extraction, names, texts), max_size=3).map(tuple)
_label_items = st.one_of(st.builds(LabelRename, names, names), st.builds(LabelTemplate, names, texts))
_targets = st.lists(st.one_of(names, matchers), min_size=1, max_size=3).map(tuple)
stages: st.SearchStrategy[Stage] = st.one_of(
    line_filters,
    st.builds(JsonParser, _extractions),
    st.builds(LogfmtParser, st.booleans(), st.booleans(), _extractions),
    st.builds(RegexpParser, st.sampled_from(["(?P<a>.)", r"(?<x_1>\d+) (?P<y>`)"])),
    st.builds(PatternParser, st.sampled_from(["<a>", '<a> "<_>" <b>\n', "<1> <c>"])),
    st.builds(UnpackParser),
    st.builds(LabelFilterStage, label_filters),
    st.builds(LineFormat, texts),
    st.builds(LabelFormat, st.lists(_label_items, min_size=1, max_size=3).map(tuple)),
    st.builds(Decolorize),
    st.builds(Drop, _targets),
    st.builds(Keep, _targets),
)


def _has_text(pipeline: tuple[Stage, ...]) -> bool:
    """``| drop a != "x"`` is a matcher, so no text has a bare name before a negative line filter."""
    return not any(
        isinstance(left, Drop | Keep)
        and isinstance(left.targets[-1], str)
        and isinstance(right, LineFilter)
        and right.op.is_negative
        for left, right in pairwise(pipeline)
    )


_some_stages: st.SearchStrategy[tuple[Stage, ...]] = st.lists(stages, max_size=4).map(tuple)
pipelines = _some_stages.filter(_has_text)
log_queries = st.builds(LogQuery, selectors, pipelines)

unwraps = st.builds(Unwrap, names, st.sampled_from(UnwrapConversion), st.lists(label_filters, max_size=2).map(tuple))
_ranges_ns = st.integers(0, 10**12).map(lambda range_ms: range_ms * 10**6)
_plain_ranges = st.builds(LogRange, log_queries, st.none(), _ranges_ns, _durations_ns)
_unwrapped_ranges = st.builds(LogRange, log_queries, unwraps, _ranges_ns, _durations_ns)

_name_lists = st.lists(names, max_size=3).map(tuple)
groupings = st.builds(Grouping, st.booleans(), _name_lists)
_optional_groupings = st.one_of(st.none(), groupings)
_F = RangeFunction
range_aggregations = st.one_of(
    st.builds(
        RangeAggregation,
        st.sampled_from([_F.RATE, _F.COUNT_OVER_TIME, _F.BYTES_RATE, _F.BYTES_OVER_TIME, _F.ABSENT_OVER_TIME]),
        _plain_ranges,
    ),
    st.builds(
        RangeAggregation,
        st.sampled_from([_F.RATE, _F.RATE_COUNTER, _F.SUM_OVER_TIME, _F.ABSENT_OVER_TIME]),
        _unwrapped_ranges,
    ),
    st.builds(
        RangeAggregation,
        st.sampled_from([_F.AVG_OVER_TIME, _F.MIN_OVER_TIME, _F.MAX_OVER_TIME, _F.LAST_OVER_TIME]),
        _unwrapped_ranges,
        _optional_groupings,
    ),
    st.builds(
        RangeAggregation,
        st.just(_F.QUANTILE_OVER_TIME),
        _unwrapped_ranges,
        _optional_groupings,
        st.floats(0, 1e300),
    ),
)

_vector_groupings = _optional_groupings.filter(lambda grouping: grouping != Grouping(False, ()))
_V = VectorAggregationFunction
_group_sides = st.one_of(st.tuples(st.none(), st.just(())), st.tuples(st.sampled_from(GroupSide), _name_lists))
_matchings = st.one_of(
    st.none(),
    st.builds(lambda on, wanted, group: VectorMatching(on, wanted, *group), st.booleans(), _name_lists, _group_sides),
)


def _metric_nodes(inner: st.SearchStrategy[MetricExpr]) -> st.SearchStrategy[MetricExpr]:
    vectors = inner.filter(lambda expr: not isinstance(expr, Literal))
    return st.one_of(
        st.builds(
            VectorAggregation,
            st.sampled_from([_V.SUM, _V.AVG, _V.COUNT, _V.MAX, _V.MIN, _V.STDDEV, _V.STDVAR]),
            inner,
            _vector_groupings,
        ),
        st.builds(VectorAggregation, st.sampled_from([_V.SORT, _V.SORT_DESC]), inner),
        st.builds(
            VectorAggregation,
            st.sampled_from([_V.TOPK, _V.BOTTOMK]),
            inner,
            _vector_groupings,
            st.integers(1, 10**6).map(float),
        ),
        st.builds(BinaryOperation, st.sampled_from(BinaryOperator), vectors, vectors, st.booleans(), _matchings),
        st.builds(
            BinaryOperation,
            st.sampled_from([op for op in BinaryOperator if not op.is_set]),
            vectors,
            _literals,
            st.booleans(),
        ),
        st.builds(LabelReplace, inner, texts, texts, texts, regexes),
    )


_literals = st.builds(Literal, _numbers)
_leaves: st.SearchStrategy[MetricExpr] = st.one_of(
    range_aggregations,
    _literals,
    st.builds(VectorFunction, st.floats(0, allow_nan=False, allow_infinity=False)),
)
metric_expressions = st.recursive(_leaves, _metric_nodes, max_leaves=4)
variants = st.builds(Variants, st.lists(metric_expressions, min_size=1, max_size=2).map(tuple), _plain_ranges)
expressions: st.SearchStrategy[Expr] = st.one_of(log_queries, metric_expressions, variants)
