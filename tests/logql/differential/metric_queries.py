"""Generated metric queries. Comparisons and remainders stand on exact values only: rounding must not decide them."""

from __future__ import annotations

from random import Random

from logql.ast import (
    BinaryOperation,
    BinaryOperator,
    Grouping,
    GroupSide,
    LabelFilterMatch,
    LabelFilterStage,
    LabelReplace,
    Literal,
    LogQuery,
    LogRange,
    Matcher,
    MatchOp,
    MetricExpr,
    ParserStage,
    RangeAggregation,
    RangeFunction,
    Unwrap,
    UnwrapConversion,
    VectorAggregation,
    VectorAggregationFunction,
    VectorFunction,
    VectorMatching,
)
from tests.logql.differential.log_queries import label_filter, parser, pipeline, selector
from tests.logql.differential.words import SECOND_NS

__all__ = ["metric_query"]

_R, _V, _B, _C = RangeFunction, VectorAggregationFunction, BinaryOperator, UnwrapConversion
_COUNTS = (_R.COUNT_OVER_TIME, _R.BYTES_OVER_TIME, _R.RATE, _R.BYTES_RATE, _R.ABSENT_OVER_TIME)
_EXACT = (_R.COUNT_OVER_TIME, _R.BYTES_OVER_TIME)
_UNGROUPED = (_R.SUM_OVER_TIME, _R.RATE, _R.RATE_COUNTER, _R.ABSENT_OVER_TIME)
_GROUPED = (
    *(_R.AVG_OVER_TIME, _R.MIN_OVER_TIME, _R.MAX_OVER_TIME, _R.FIRST_OVER_TIME, _R.LAST_OVER_TIME),
    *(_R.STDVAR_OVER_TIME, _R.STDDEV_OVER_TIME, _R.QUANTILE_OVER_TIME),
)
_REDUCERS = (_V.SUM, _V.AVG, _V.COUNT, _V.MAX, _V.MIN, _V.STDDEV, _V.STDVAR)
_UNWRAPS = (("n", _C.NONE), ("v", _C.NONE), ("dur", _C.DURATION), ("dur", _C.DURATION_SECONDS), ("size", _C.BYTES))
_GROUP_NAMES = ("app", "env", "level", "status", "user", "nosuch", "trace")
_NO_ERROR = LabelFilterMatch(Matcher("__error__", MatchOp.EQ, ""))


def metric_query(random: Random) -> MetricExpr:
    match random.choices(range(7), (3, 6, 3, 2, 2, 1, 1))[0]:
        case 0:
            return range_aggregation(random)
        case 1:
            return aggregation(random)
        case 2:
            return _scalar_operation(random)
        case 3:
            return _vector_operation(random)
        case 4:
            return _ranking(random)
        case 5:
            return _label_replace(random, aggregation(random))
    return VectorAggregation(random.choice(_REDUCERS), aggregation(random), _grouping(random))


def aggregation(random: Random) -> MetricExpr:
    return VectorAggregation(
        random.choices(_REDUCERS, (6, 1, 1, 1, 1, 1, 1))[0], range_aggregation(random), _grouping(random)
    )


def range_aggregation(random: Random) -> RangeAggregation:
    """Over counts or over an unwrapped label."""
    if random.random() < 0.5:
        function = random.choices(_COUNTS, (4, 2, 2, 1, 1))[0]
        return RangeAggregation(function, _log_range(random, None))
    unwrap = _unwrap(random)
    if random.random() < 0.4:
        return RangeAggregation(random.choice(_UNGROUPED), _log_range(random, unwrap))
    function = random.choice(_GROUPED)
    parameter = random.choice((0.0, 0.5, 0.9, 1.0, 0.25, 2.0)) if function is _R.QUANTILE_OVER_TIME else None
    grouping = _any_grouping(random) if random.random() < 0.7 else None
    return RangeAggregation(function, _log_range(random, unwrap), grouping, parameter)


def _unwrap(random: Random) -> Unwrap:
    name, conversion = random.choice(_UNWRAPS)
    filters = (_NO_ERROR,) if random.random() < 0.7 else ()
    return Unwrap(name, conversion, (*filters, label_filter(random, 1)) if random.random() < 0.3 else filters)


def _log_range(random: Random, unwrap: Unwrap | None) -> LogRange:
    stages = list(pipeline(random, random.choices(range(4), (4, 4, 3, 1))[0]))
    if unwrap is not None and not any(isinstance(stage, ParserStage) for stage in stages):
        stages.append(parser(random))
    if random.random() < 0.65:
        stages.append(LabelFilterStage(_NO_ERROR))
    range_ns = random.choice((5, 10, 30, 60, 60, 90)) * SECOND_NS
    offset_ns = random.choice((0, 0, 0, 0, 10, -20, 7)) * SECOND_NS
    return LogRange(LogQuery(selector(random), tuple(stages)), unwrap, range_ns, offset_ns)


def _any_grouping(random: Random) -> Grouping:
    names = tuple(random.sample((*_GROUP_NAMES, "__error__"), random.randint(0, 2)))
    return Grouping(random.random() < 0.25, names)


def _grouping(random: Random) -> Grouping | None:
    """An empty ``by`` prints as none."""
    grouping = _any_grouping(random)
    return grouping if grouping.names or grouping.without else None


def _exact(random: Random) -> RangeAggregation:
    return RangeAggregation(random.choice(_EXACT), _log_range(random, None))


def _scalar_operation(random: Random) -> MetricExpr:
    literal = Literal(random.choice((0.0, 1.0, 2.0, 3.0, 0.5, -1.0, 100.0)))
    op = random.choice([op for op in _B if not op.is_set])
    is_delicate = op.is_comparison or op is _B.MOD
    vector = _exact(random) if is_delicate else random.choice((range_aggregation, aggregation))(random)
    left, right = (vector, literal) if random.random() < 0.7 else (literal, vector)
    return BinaryOperation(op, left, right, op.is_comparison and random.random() < 0.4)


def _vector_operation(random: Random) -> MetricExpr:
    op = random.choice(list(_B))
    matching = _matching(random)
    left: MetricExpr = _side(random, matching)
    right: MetricExpr = VectorFunction(2.0) if random.random() < 0.2 else _side(random, matching)
    return_bool = op.is_comparison and random.random() < 0.4
    return BinaryOperation(op, left, right, return_bool, matching)


def _side(random: Random, matching: VectorMatching | None) -> MetricExpr:
    """Exact sums by the labels to match by, so that keys are unique more often than not."""
    names = matching.names if matching is not None and matching.on else ("app",)
    extra = random.sample(_GROUP_NAMES, 1) if random.random() < 0.2 else []
    grouping = Grouping(False, tuple(dict.fromkeys((*names, *extra))))
    return VectorAggregation(_V.SUM, _exact(random), grouping if grouping.names else None)


def _matching(random: Random) -> VectorMatching | None:
    if random.random() < 0.4:
        return None
    names = tuple(random.sample(_GROUP_NAMES[:4], random.randint(0, 2)))
    side = random.choice((None, None, GroupSide.LEFT, GroupSide.RIGHT))
    include = tuple(random.sample(_GROUP_NAMES, 1)) if side and random.random() < 0.4 else ()
    return VectorMatching(random.random() < 0.6, names, side, include)


def _ranking(random: Random) -> MetricExpr:
    """Bytes seldom tie."""
    inner = RangeAggregation(_R.BYTES_OVER_TIME, _log_range(random, None))
    if random.random() < 0.3:
        return VectorAggregation(random.choice((_V.SORT, _V.SORT_DESC)), inner)
    function = random.choice((_V.TOPK, _V.BOTTOMK))
    return VectorAggregation(function, inner, _grouping(random), float(random.randint(1, 5)))


def _label_replace(random: Random, inner: MetricExpr) -> MetricExpr:
    source = random.choice(("app", "env", "level", "nosuch"))
    regex = random.choice(("(.*)", "(w)(.*)", "(?P<first>.).*", "web|api", ""))
    replacement = random.choice(("$1", "${1}-x", "new", "", "$first", "$2$1"))
    return LabelReplace(inner, random.choice(("new", "app", "level")), replacement, source, regex)
