"""Range aggregations: a scan over the chunks that some window sees, then sums in windows."""

from __future__ import annotations

from logql.ast import RangeAggregation
from logql.errors import NotBuilt
from logql.evaluate.context import Context
from logql.range_aggregations import FUNCTIONS
from logql.samples.groups import group_rows
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet
from logql.samples.window_sums import WindowSums
from logql.scan.selection import Selection
from logql.stages.pipeline import Pipeline
from logql.streams import stream_matcher
from storage.source import Source

__all__ = ["adds_up", "range_aggregation"]


def adds_up(expr: RangeAggregation) -> bool:
    """Whether a ``sum`` over it may merge the series before there are any: thousands of them never come to be."""
    return expr.function in FUNCTIONS and expr.grouping is None


def range_aggregation(expr: RangeAggregation, key: LabelKey, context: Context) -> SeriesSet:
    """The aggregation with its series told apart by ``key``; where that merges series, their values are added."""
    function = FUNCTIONS.get(expr.function)
    log_range = expr.log_range
    if function is None or log_range.unwrap is not None:
        raise NotBuilt(expr.function.value if log_range.unwrap is None else str(log_range.unwrap))
    pipeline = Pipeline(log_range.query.stages)
    selection = Selection(stream_matcher(log_range.query.selector), *context.grid.read_window(log_range))
    sums = WindowSums(context.grid, log_range, function.weighs_bytes, context.budget_bytes)
    reads_lines = pipeline.reads_lines or function.weighs_bytes

    def read(source: Source) -> None:
        frame = selection.frame(source)
        context.tally.selected(source, frame, reads_lines)
        frame = pipeline(frame)
        context.tally.passed(len(frame))
        if len(frame):
            sums.add(frame.ts(), group_rows(frame, key), function.weights(frame))

    wanted = [source for source in context.sources if selection.may_hold(source)]
    context.tally.planned(len(context.sources), len(wanted))
    context.workers.run(wanted, read, context.cancel)
    labels, counts, weights = sums.result()
    return SeriesSet.of(labels, function.values(weights, log_range.range_ns), counts > 0)
