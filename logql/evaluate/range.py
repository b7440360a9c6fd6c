"""Range aggregations: a scan over the chunks that some window sees, then a value for each window."""

from __future__ import annotations

import numpy as np

from logql.ast import RangeAggregation, RangeFunction
from logql.evaluate.context import Context
from logql.evaluate.reading import keeps_parser_errors, read_rows
from logql.evaluate.thinned_average import is_thinned_average, thinned_average
from logql.evaluate.windows import window_values
from logql.range_aggregations import SUMS, absent_labels
from logql.samples.collector import SampleCollector
from logql.samples.groups import RowGrouper
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet
from logql.samples.unwrap import unwrapped
from logql.samples.window_sums import WindowSums
from logql.scan.frame import Frame
from logql.stages.needed import removes_labels
from storage.counts import Counts

__all__ = ["adds_up", "range_aggregation"]


def adds_up(expr: RangeAggregation) -> bool:
    """Whether a ``sum`` over it may merge the series before there are any: thousands of them never come to be."""
    return expr.function in SUMS or expr.function is RangeFunction.SUM_OVER_TIME


def range_aggregation(expr: RangeAggregation, merged_by: LabelKey | None, context: Context) -> SeriesSet:
    """The aggregation; ``merged_by`` is what a ``sum`` over it keeps, where their values add up.

    Equal aggregations in one query are computed once.
    """
    known = context.known.get((expr, merged_by))
    if known is None:
        known = context.known[expr, merged_by] = _computed(expr, merged_by, context)
    return known


def _computed(expr: RangeAggregation, merged_by: LabelKey | None, context: Context) -> SeriesSet:
    if expr.function is RangeFunction.ABSENT_OVER_TIME:
        return _absent(expr, context)
    key = merged_by or LabelKey.of_range(expr.grouping)
    if any(map(removes_labels, expr.log_range.query.stages)):
        key = key.dropping_empty()
    if is_thinned_average(expr):
        return thinned_average(expr, key, context)
    return _sums(expr, key, context) if expr.log_range.unwrap is None else _of_samples(expr, key, context)


def _max_series(expr: RangeAggregation, context: Context) -> int:
    return context.max_series if expr is context.final else 0


def _sums(expr: RangeAggregation, key: LabelKey, context: Context) -> SeriesSet:
    function, log_range = SUMS[expr.function], expr.log_range
    sums = WindowSums(context.grid, log_range, function.weighs_bytes, context.budget, _max_series(expr, context))
    group = RowGrouper(key, keeps_parser_errors(log_range, key.names))

    def take(_order: int, frame: Frame) -> None:
        sums.add(frame.ts(), group(frame), function.weights(frame))

    def take_counted(cells: Frame, counts: Counts) -> None:
        weights = counts.line_bytes[cells.rows] if function.weighs_bytes else None
        sums.add(cells.ts(), group(cells), weights, counts.entries[cells.rows])

    read_rows(log_range, context, function.weighs_bytes, key.names, take, take_counted)
    labels, counts, weights = sums.result()
    return SeriesSet.of(labels, function.values(weights, log_range.range_ns), counts > 0)


def _of_samples(expr: RangeAggregation, key: LabelKey, context: Context) -> SeriesSet:
    unwrap = expr.log_range.unwrap
    assert unwrap is not None
    key = key.hiding(unwrap.name)
    collector = SampleCollector(context.budget, _max_series(expr, context))
    group = RowGrouper(key, keeps_parser_errors(expr.log_range, key.names))

    def take(order: int, frame: Frame) -> None:
        sampled = unwrapped(frame, unwrap).passing(unwrap)
        if len(sampled.frame):
            collector.add(order, sampled.frame, group(sampled.frame), sampled.values)

    read_rows(expr.log_range, context, False, key.names, take)
    return window_values(expr, collector.table(), context)


def _absent(expr: RangeAggregation, context: Context) -> SeriesSet:
    log_range = expr.log_range
    sums = WindowSums(context.grid, log_range, False, context.budget)
    key = LabelKey.of(None)
    group = RowGrouper(key, keeps_parser_errors(log_range, key.names))

    def take(_order: int, frame: Frame) -> None:
        seen = frame if log_range.unwrap is None else unwrapped(frame, log_range.unwrap).passing(log_range.unwrap).frame
        sums.add(seen.ts(), group(seen), None)

    read_rows(log_range, context, False, key.names, take)
    _, counts, _ = sums.result()
    is_absent = (counts == 0).all(axis=0)[np.newaxis]
    return SeriesSet.of([absent_labels(log_range.query.selector)], np.ones(is_absent.shape), is_absent)
