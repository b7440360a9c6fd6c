"""``avg_over_time(.. | unwrap x | x > 5 [5m]) by (host)``, whose divisor counts what the filters drop, too.

Loki computes a grouped average in two halves, sum and count, and loses the filters behind ``unwrap`` from the count.
Dashboards show those numbers, so these are the same: what the filters drop counts as 0.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from logql.ast import RangeAggregation, RangeFunction
from logql.evaluate.context import Context
from logql.evaluate.reading import keeps_parser_errors, read_rows
from logql.evaluate.windows import window_values
from logql.labels.start import ERROR
from logql.samples.collector import SampleCollector
from logql.samples.groups import RowGrouper
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet
from logql.samples.unwrap import Unwrapped, unwrapped
from logql.samples.window_sums import WindowSums
from logql.scan.frame import Frame
from storage.labels import Labels

__all__ = ["is_thinned_average", "thinned_average"]


def is_thinned_average(expr: RangeAggregation) -> bool:
    """``without ()`` groups nothing, as no grouping does."""
    groups = expr.grouping is not None and (bool(expr.grouping.names) or not expr.grouping.without)
    unwrap = expr.log_range.unwrap
    return expr.function is RangeFunction.AVG_OVER_TIME and groups and unwrap is not None and bool(unwrap.filters)


def thinned_average(expr: RangeAggregation, key: LabelKey, context: Context) -> SeriesSet:
    """The sum of the samples that pass by the number of those that there were before."""
    unwrap, log_range = expr.log_range.unwrap, expr.log_range
    assert unwrap is not None
    key = key.hiding(unwrap.name)
    collector = SampleCollector(context.budget, context.max_series if expr is context.final else 0)
    counted = WindowSums(context.grid, log_range, False, context.budget)
    group = RowGrouper(key, keeps_parser_errors(log_range, key.names))

    def take(order: int, frame: Frame) -> None:
        every = unwrapped(frame, unwrap)
        sampled = every.passing(unwrap)
        if len(sampled.frame):
            collector.add(order, sampled.frame, group(sampled.frame), sampled.values)
        divisor = _divisor(every, sampled)
        if len(divisor):
            counted.add(divisor.ts(), group(divisor), None)

    read_rows(log_range, context, False, key.names, take)
    sums = window_values(replace(expr, function=RangeFunction.SUM_OVER_TIME), collector.table(), context)
    labels, counts, _ = counted.result()
    return _divided(sums, labels, counts)


def _divisor(every: Unwrapped, sampled: Unwrapped) -> Frame:
    """All rows but those that the filters dropped for what is wrong with them."""
    errors = every.frame.label(ERROR)
    passes = np.isin(every.frame.rows, sampled.frame.rows, assume_unique=True)
    return every.frame.keep(passes | (errors.codes < 0))


def _divided(sums: SeriesSet, labels: tuple[Labels, ...], counts: NDArray[np.int64]) -> SeriesSet:
    if not len(sums):
        return sums
    numbers = {each: number for number, each in enumerate(labels)}
    divisors = counts[[numbers[each] for each in sums.labels]]
    means = np.divide(sums.values, divisors, out=np.zeros_like(sums.values), where=sums.present)
    return SeriesSet(sums.labels, means, sums.present)
