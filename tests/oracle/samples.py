"""Sections 11.3 and 11.4: the samples that the rows of a log range give, with the labels of their series."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from logql.ast import (
    Drop,
    Grouping,
    Keep,
    LabelFormat,
    LabelRename,
    LogRange,
    RangeAggregation,
    RangeFunction,
    Stage,
    Unwrap,
    UnwrapConversion,
)
from logql.values import parse_byte_size, parse_float, parse_go_duration
from storage.labels import Labels
from tests.oracle.filters import passes_label_filter
from tests.oracle.logs import selected
from tests.oracle.needed import needed_for
from tests.oracle.pipeline import passes, without_removed_lines
from tests.oracle.row import Row
from tests.storage.entries import Entry

__all__ = ["Sample", "samples_of"]

_BYTES = (RangeFunction.BYTES_OVER_TIME, RangeFunction.BYTES_RATE)
_CONVERSIONS: Mapping[UnwrapConversion, Callable[[str], float]] = {
    UnwrapConversion.NONE: parse_float,
    UnwrapConversion.BYTES: parse_byte_size,
    UnwrapConversion.DURATION: lambda text: parse_go_duration(text) / 1e9,
    UnwrapConversion.DURATION_SECONDS: lambda text: parse_go_duration(text) / 1e9,
}


@dataclass(frozen=True)
class Sample:
    """``place``: samples of one nanosecond are in the order of their streams' hashes, then as ingested.

    One that is ``dropped`` is a 0 in a grouped average, and makes no series.
    """

    ts: int
    place: tuple[int, str, int]
    value: float
    series: Labels
    fails: bool
    full_labels: Labels
    dropped: bool = False


def samples_of(
    entries: Sequence[Entry], expr: RangeAggregation, pushed: Grouping | None, is_pushed: bool
) -> list[Sample]:
    """In order of time. ``pushed`` is the grouping of a sum directly over ``expr`` (None: it keeps no label)."""
    log_range = expr.log_range
    shows_no_label = is_pushed or expr.function is RangeFunction.ABSENT_OVER_TIME
    grouping = (pushed or Grouping(False, ())) if shows_no_label else expr.grouping
    counts_bytes = expr.function in _BYTES
    stages = log_range.query.stages if counts_bytes else without_removed_lines(log_range.query.stages)
    needed = needed_for(stages, log_range.unwrap, grouping)
    samples = []
    for number, entry in selected(entries, log_range.query):
        row = Row(entry, needed)
        if not passes(row, stages, line_is_result=counts_bytes):
            continue
        value = _value(row, expr)
        if value is None:
            continue
        failed, dropped = bool(row.error), not _passes_filters(row, log_range.unwrap)
        if dropped and (failed or not _counts_dropped(expr)):
            continue
        if dropped:  # with the errors that the filters themselves made
            value, row.error, row.error_details = 0.0, "", ""
        place = (entry.labels.hash64, entry.labels.text, number)
        labels = _series(row, log_range, expr.grouping, is_pushed)
        samples.append(Sample(entry.ts, place, value, labels, row.fails_metrics, Labels(row.labels()), dropped))
    return sorted(samples, key=lambda sample: (sample.ts, sample.place))


def _counts_dropped(expr: RangeAggregation) -> bool:
    """Whether it is a grouped average, which loses the filters behind unwrap from its count."""
    return expr.function is RangeFunction.AVG_OVER_TIME and expr.grouping not in (None, Grouping(True, ()))


def _passes_filters(row: Row, unwrap: Unwrap | None) -> bool:
    return unwrap is None or all(passes_label_filter(row, each) for each in unwrap.filters)


def _value(row: Row, expr: RangeAggregation) -> float | None:
    unwrap = expr.log_range.unwrap
    if unwrap is not None:
        return _unwrapped(row, unwrap)
    return len(row.line.encode()) if expr.function in _BYTES else 1.0


def _unwrapped(row: Row, unwrap: Unwrap) -> float | None:
    text = row.get(unwrap.name)
    if not text:
        return None
    try:
        return float(_CONVERSIONS[unwrap.conversion](text))
    except ValueError as error:
        row.fail("SampleExtractionErr", str(error))
        return 0.0


def _removes_labels(stage: Stage) -> bool:
    if isinstance(stage, LabelFormat):
        return any(isinstance(item, LabelRename) for item in stage.items)
    return isinstance(stage, Drop | Keep)


def _series(row: Row, log_range: LogRange, grouping: Grouping | None, is_pushed: bool) -> Labels:
    """A row with an error keeps all its labels; the query will name one such series."""
    labels = row.labels()
    if row.fails_metrics:
        return Labels(labels)
    grouping = None if is_pushed else grouping
    if grouping is not None and not grouping.without:
        return Labels({name: labels[name] for name in grouping.names if name in labels})
    gone = {log_range.unwrap.name} if log_range.unwrap is not None else set()
    removes = not is_pushed and any(map(_removes_labels, log_range.query.stages))
    if not removes and (grouping is None or not grouping.names):
        return Labels({name: value for name, value in labels.items() if name not in gone})
    names = gone | set(grouping.names if grouping is not None else ())
    return Labels({name: value for name, value in labels.items() if value and name not in names})
