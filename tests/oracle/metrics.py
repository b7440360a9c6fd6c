"""Sections 11 and 12: metric queries, evaluated anew at every point."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from logql.ast import (
    BinaryOperation,
    Grouping,
    LabelReplace,
    Literal,
    MatchOp,
    MetricExpr,
    RangeAggregation,
    RangeFunction,
    Selector,
    VectorAggregation,
    VectorAggregationFunction,
    VectorFunction,
)
from storage.labels import Labels
from tests.oracle.errors import OracleError, Unspecified
from tests.oracle.operators import operated, with_label_replaced
from tests.oracle.samples import Sample, samples_of
from tests.oracle.vectors import Vector, aggregated
from tests.oracle.windows import ORDER_MATTERS, over_window
from tests.storage.entries import Entry

__all__ = ["metric_instant", "metric_range"]

_MS_NS = 1_000_000
_F = RangeFunction
_PUSHED = (_F.COUNT_OVER_TIME, _F.RATE, _F.BYTES_OVER_TIME, _F.BYTES_RATE, _F.SUM_OVER_TIME)


def metric_instant(entries: Sequence[Entry], expr: MetricExpr, time_ns: int) -> Vector | float:
    """Samples in the order to print: by label set, unless something sorts them."""
    value = _Evaluation(entries).at(expr, time_ns)
    if not isinstance(value, list) or _sorts(expr):
        return value
    return sorted(value, key=lambda sample: sample[0])


def metric_range(
    entries: Sequence[Entry], expr: MetricExpr, start_ns: int, end_ns: int, step_ns: int
) -> dict[Labels, list[tuple[int, float]]]:
    """(ts in ms, value) by series. Points are multiples of the step: start is rounded down and end up (11.1)."""
    evaluation = _Evaluation(entries)
    matrix: dict[Labels, list[tuple[int, float]]] = {}
    for point in range(start_ns // step_ns, -(-end_ns // step_ns) + 1):
        value = evaluation.at(expr, point * step_ns)
        vector = value if isinstance(value, list) else [(Labels(), value)]
        for labels, number in vector:
            matrix.setdefault(labels, []).append((point * step_ns // _MS_NS, number))
    return matrix


def _sorts(expr: object) -> bool:
    return isinstance(expr, VectorAggregation) and expr.function in (
        VectorAggregationFunction.SORT,
        VectorAggregationFunction.SORT_DESC,
    )


class _Evaluation:
    """One query over these entries; the samples of each range aggregation are extracted once."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._samples: dict[tuple[RangeAggregation, Grouping | None, bool], list[Sample]] = {}

    def at(self, expr: MetricExpr, time_ns: int) -> Vector | float:
        match expr:
            case Literal(value):
                return value
            case VectorFunction(value):
                return [(Labels(), value)]
            case RangeAggregation():
                return self._windows(expr, time_ns)
            case VectorAggregation():
                return aggregated(expr, self._vector(self._inner(expr, time_ns)))
            case BinaryOperation():
                return operated(expr, self.at(expr.left, time_ns), self.at(expr.right, time_ns))
            case LabelReplace():
                return with_label_replaced(expr, self._vector(self.at(expr.expr, time_ns)))

    @staticmethod
    def _vector(value: Vector | float) -> Vector:
        assert isinstance(value, list)
        return value

    def _inner(self, expr: VectorAggregation, time_ns: int) -> Vector | float:
        """A sum directly over a function that adds up needs no label but its own: section 17.1."""
        inner = expr.expr
        if (
            expr.function is VectorAggregationFunction.SUM
            and isinstance(inner, RangeAggregation)
            and inner.function in _PUSHED
        ):
            return self._windows(inner, time_ns, expr.grouping, is_pushed=True)
        return self.at(inner, time_ns)

    def _windows(
        self, expr: RangeAggregation, time_ns: int, pushed: Grouping | None = None, is_pushed: bool = False
    ) -> Vector:
        key = (expr, pushed, is_pushed)
        if key not in self._samples:
            self._samples[key] = samples_of(self._entries, *key)
        end_ns = time_ns - expr.log_range.offset_ns
        inside = [each for each in self._samples[key] if end_ns - expr.log_range.range_ns < each.ts <= end_ns]
        for sample in inside:
            if sample.fails:
                raise OracleError("pipeline", sample.series.text)
        if expr.function is _F.ABSENT_OVER_TIME:
            return [] if inside else [(_absent_labels(expr.log_range.query.selector), 1.0)]
        series: dict[Labels, list[Sample]] = {}
        for sample in inside:
            series.setdefault(sample.series, []).append(sample)
        seen = {labels: each for labels, each in series.items() if not all(sample.dropped for sample in each)}
        return [(labels, _over(expr, samples)) for labels, samples in seen.items()]


def _over(expr: RangeAggregation, samples: Sequence[Sample]) -> float:
    if expr.function in ORDER_MATTERS:
        _refuse_open_ties(samples)
    values = [(sample.ts, sample.value) for sample in samples]
    return over_window(expr.function, values, expr.log_range.range_ns, expr.parameter)


def _refuse_open_ties(samples: Sequence[Sample]) -> None:
    """Whether labels that the series no longer has order samples of one stream at one time is open."""
    for _, tied in groupby(samples, key=lambda sample: (sample.ts, sample.place[:2])):
        members = list(tied)
        if len({each.full_labels for each in members}) > 1 and len({each.value for each in members}) > 1:
            raise Unspecified("different values of one stream at one nanosecond")


def _absent_labels(selector: Selector) -> Labels:
    """Section 11.7."""
    names = [matcher.name for matcher in selector.matchers]
    only = (each for each in selector.matchers if names.count(each.name) == 1)
    return Labels({each.name: each.value for each in only if each.op is MatchOp.EQ})
