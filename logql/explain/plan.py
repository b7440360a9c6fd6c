"""The plan of a query as values; it prints itself as text and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from logql.explain.cost import Cost, SourceCounts
from logql.explain.text import bytes_text, count_text, moment_text, table_text
from logql.requests import Direction
from logql.values.go_duration import format_go_duration

__all__ = ["Aggregated", "Plan", "PlannedReading", "Shown"]

_ALL = "all"


@dataclass(frozen=True, slots=True)
class Aggregated:
    """What becomes of the rows of a metric query.

    function    the range aggregation
    labels      those that tell its series apart: ``by (a)``, ``without (a)`` or ``by all labels``
    unwrap      the canonical stage that takes samples; empty where rows or bytes are counted
    sums_early  whether the ``sum`` over it is done while reading, before there are series
    """

    function: str
    range_text: str
    labels: str
    unwrap: str = ""
    sums_early: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "function": self.function,
            "range": self.range_text,
            "seriesLabels": self.labels,
            "unwrap": self.unwrap,
            "sumPushedDown": self.sums_early,
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """What becomes of the rows of a log query: ``stages`` run on those that are answered, with all labels."""

    limit: int
    direction: Direction
    stages: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"limit": self.limit, "direction": self.direction.value, "stages": list(self.stages)}


@dataclass(frozen=True, slots=True)
class PlannedReading:
    """One way through the store: what is read in [start_ns, end_ns), and the stages that rows pass, in order.

    reads_lines  whether stages or aggregation look at lines; else lines are only read where entries are answered
    extracted    labels that parsers extract where lines have them; None means all
    """

    selector: str
    start_ns: int
    end_ns: int
    cost: Cost
    stages: tuple[str, ...]
    reads_lines: bool
    extracted: tuple[str, ...] | None
    purpose: Aggregated | Shown

    def to_json(self) -> dict[str, Any]:
        """Times are texts of nanoseconds, as in all answers."""
        return {
            "selector": self.selector,
            "start": str(self.start_ns),
            "end": str(self.end_ns),
            **self.cost.to_json(),
            "readsLines": self.reads_lines,
            "stages": list(self.stages),
            "labelsExtracted": _ALL if self.extracted is None else list(self.extracted),
            "aggregation" if isinstance(self.purpose, Aggregated) else "entries": self.purpose.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """``readings`` in the order in which they are carried out; equal ones of one query are one."""

    query: str
    is_log_query: bool
    start_ns: int
    end_ns: int
    step_ns: int
    points: int
    readings: tuple[PlannedReading, ...]

    def to_json(self) -> dict[str, Any]:
        """A log query has no step and no points."""
        grid = {} if self.is_log_query else {"stepNs": self.step_ns, "points": self.points}
        return {
            "query": self.query,
            "kind": "log" if self.is_log_query else "metric",
            "start": str(self.start_ns),
            "end": str(self.end_ns),
            **grid,
            "readings": [reading.to_json() for reading in self.readings],
        }

    def __str__(self) -> str:
        start, end = moment_text(self.start_ns), moment_text(self.end_ns)
        points = count_text(self.points, "point")
        grid = f"{points} from {start} to {end}, {format_go_duration(self.step_ns)} apart"
        window = f"from {start} to before {end}" if self.is_log_query else grid
        lines = table_text([("query", [self.query]), ("asked", [window])])
        for number, reading in enumerate(self.readings, 1):
            lines += ["", f"reading {number} of {len(self.readings)}", *table_text(_rows(reading), "  ")]
        return "\n".join([*lines, *([] if self.readings else ["nothing is read"])])


def _rows(reading: PlannedReading) -> list[tuple[str, list[str]]]:
    cost = reading.cost
    return [
        ("streams", [reading.selector]),
        ("times", [f"from {moment_text(reading.start_ns)} to before {moment_text(reading.end_ns)}"]),
        ("parts", [f"{cost.parts_selected:,} of {cost.parts:,} selected"]),
        ("chunks", [_counts_text(cost.chunks), *_counted(cost.counted)]),
        ("batches", [f"{_counts_text(cost.batches)}, in memory"]),
        ("to read", [f"{count_text(cost.rows, 'row')}, {bytes_text(cost.stored_bytes)} in the store", _lines(reading)]),
        ("stages", list(reading.stages) or ["none"]),
        ("extracted", [_names(reading.extracted)]),
        *_purpose_rows(reading.purpose),
    ]


def _lines(reading: PlannedReading) -> str:
    size = bytes_text(reading.cost.line_bytes)
    if reading.reads_lines:
        return f"{size} of lines"
    if isinstance(reading.purpose, Shown):
        return f"only the lines that are answered, of {size}"
    return f"none of {size} of lines"


def _counts_text(counts: SourceCounts) -> str:
    text = f"{counts.selected:,} of {counts.total:,} selected"
    skipped = (
        (counts.skipped_by_time, "time"),
        (counts.skipped_by_streams, "streams"),
        (counts.skipped_by_filters, "filters"),
    )
    return ", ".join([text, *(f"{count:,} skipped by {reason}" for count, reason in skipped if count)])


def _counted(chunks: int) -> list[str]:
    return [f"{chunks:,} counted by the index, not read"] if chunks else []


def _names(names: tuple[str, ...] | None) -> str:
    return "all labels" if names is None else ", ".join(names) or "no labels"


def _purpose_rows(purpose: Aggregated | Shown) -> list[tuple[str, list[str]]]:
    if isinstance(purpose, Shown):
        order = "newest first" if purpose.direction is Direction.BACKWARD else "oldest first"
        return [
            ("answer", [f"up to {count_text(purpose.limit, 'entry')} {order}; what cannot be among them is not read"]),
            ("shown by", list(purpose.stages)),
        ]
    early = ", summed while reading" if purpose.sums_early else ""
    unwrap = [purpose.unwrap] if purpose.unwrap else []
    return [
        ("samples", unwrap),
        ("windows", [f"{purpose.function} over {purpose.range_text}"]),
        ("series", [f"{purpose.labels}{early}"]),
    ]
