"""From an expression to its plan, by the code that would execute it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from logql.ast import LogQuery, MetricExpr, ParserStage, RangeAggregation, RangeFunction, Variants
from logql.entries.query import EntryReading
from logql.evaluate import Context, evaluate
from logql.evaluate.reading import Reading
from logql.explain.cost import Cost
from logql.explain.plan import Aggregated, Plan, PlannedReading, Shown
from logql.requests import RangeQuery
from logql.samples.label_key import LabelKey
from logql.stages.pipeline import Pipeline
from logql.values.prometheus_duration import format_prometheus_duration
from storage.source import Source

__all__ = ["explain_entries", "explain_metric"]


def explain_entries(query: LogQuery, asked: RangeQuery, sources: Sequence[Source]) -> Plan:
    """The plan of a log query. Raises QueryError, as its execution would."""
    reading = EntryReading.of(query, asked)
    selection, deciding = reading.selection, reading.deciding
    showing = () if reading.showing.only_filters_lines else tuple(map(str, reading.showing.stages))
    planned = PlannedReading(
        selector=str(query.selector),
        start_ns=selection.start_ns,
        end_ns=selection.end_ns,
        cost=Cost.of(sources, selection),
        stages=tuple(map(str, deciding.stages)),
        reads_lines=deciding.reads_lines,
        extracted=_extracted(deciding),
        purpose=Shown(asked.limit, asked.direction, showing),
    )
    return Plan(str(query), True, asked.start_ns, asked.end_ns, 0, 0, (planned,))


def explain_metric(expr: MetricExpr | Variants, context: Context) -> Plan:
    """The plan of a metric query: its evaluation with the readings noted. Raises QueryError, as that would."""
    readings: list[Reading] = []
    context = replace(context, explained=readings, known={})
    evaluate(expr, context)
    grid = context.grid
    # Every aggregation that became known has noted one reading, in the same order.
    planned = tuple(
        _planned(aggregation, merged_by, reading, context.sources)
        for (aggregation, merged_by), reading in zip(context.known, readings, strict=True)
    )
    return Plan(str(expr), False, grid.start_ns, grid.end_ns, grid.step_ns, grid.points, planned)


def _planned(
    aggregation: RangeAggregation, merged_by: LabelKey | None, reading: Reading, sources: Sequence[Source]
) -> PlannedReading:
    return PlannedReading(
        selector=str(aggregation.log_range.query.selector),
        start_ns=reading.selection.start_ns,
        end_ns=reading.selection.end_ns,
        cost=Cost.of(sources, reading.selection, reading.counting),
        stages=tuple(map(str, reading.pipeline.stages)),
        reads_lines=reading.reads_lines,
        extracted=_extracted(reading.pipeline),
        purpose=_aggregated(aggregation, merged_by),
    )


def _extracted(pipeline: Pipeline) -> tuple[str, ...] | None:
    if not any(isinstance(stage, ParserStage) for stage in pipeline.stages):
        return ()
    return None if pipeline.needed is None else tuple(sorted(pipeline.needed))


def _aggregated(aggregation: RangeAggregation, merged_by: LabelKey | None) -> Aggregated:
    log_range = aggregation.log_range
    return Aggregated(
        function=aggregation.function.value,
        range_text=format_prometheus_duration(log_range.range_ns),
        labels=_series_labels(aggregation, merged_by),
        unwrap=str(log_range.unwrap) if log_range.unwrap else "",
        sums_early=merged_by is not None,
    )


def _series_labels(aggregation: RangeAggregation, merged_by: LabelKey | None) -> str:
    if aggregation.function is RangeFunction.ABSENT_OVER_TIME:
        return "by ()"
    key = merged_by or LabelKey.of_range(aggregation.grouping)
    unwrap = aggregation.log_range.unwrap
    key = key.hiding(unwrap.name) if unwrap else key
    if key.by is not None:
        return f"by ({','.join(key.by)})"
    return f"without ({','.join(sorted(key.without))})" if key.without else "by all labels"
