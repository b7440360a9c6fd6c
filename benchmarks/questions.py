"""The questions of the benchmark, each with the answer that the workload lets one expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.workload import JOB, SPAN_NS, Workload

__all__ = ["STEP_S", "Question", "questions_about"]

STEP_S = 60
ALL = f'{{job="{JOB}"}}'
ACCESS_PATTERN = '`<ip> - - [<_>] "<method> <path> <_>" <status> <size> <_>`'


@dataclass(frozen=True, slots=True)
class Question:
    """A range query over the hour of the load.

    name      a row of the table in ``docs/architecture.md``
    expected  entries of a log query, or the sum over all points of a count; None where only the server can know
    limit     of a log query; for a metric query None
    """

    name: str
    query: str
    expected: int | None
    limit: int | None = None

    def parameters(self, end_ns: int) -> dict[str, str | int]:
        common: dict[str, str | int] = {"query": self.query, "start": end_ns - SPAN_NS, "end": end_ns}
        return common | ({"step": STEP_S} if self.limit is None else {"limit": self.limit})


def questions_about(workload: Workload, counts: Mapping[str, int]) -> list[Question]:
    """``counts`` are those of the load: lines by format, with a word and of a stream."""
    return [*_searches(workload, counts), *_counts(workload, counts)]


def _searches(workload: Workload, counts: Mapping[str, int]) -> list[Question]:
    memory, access, tagged = workload.planted
    stream = workload.labels[0]
    one_stream = f'{{host="{stream["host"]}", model="{stream["model"]}"}}'
    return [
        Question("rare needle", f'{ALL} |= "out of memory"', memory.count, 100),
        Question("id", f'{ALL} |= "{workload.rare_id}"', tagged.count, 100),
        Question("absent needle", f'{ALL} |= "no line says kumquat"', 0, 100),
        Question(
            "regex, any case, limit 100", f'{ALL} |~ "(?i)cuda error: illegal (memory|address)"', access.count, 100
        ),
        Question("one stream, limit 1000", one_stream, min(1000, counts["first stream"]), 1000),
    ]


def _counts(workload: Workload, counts: Mapping[str, int]) -> list[Question]:
    logfmt = f'{ALL} |= "caller=" | logfmt'
    json = f'{ALL} |= "latency_ms" | json'
    access = f'{ALL} |= "tritonclient" | pattern {ACCESS_PATTERN}'
    return [
        Question("count of everything", f"sum(count_over_time({ALL}[1m]))", workload.lines),
        Question(
            "count of error by model", f'sum by (model) (count_over_time({ALL} |= "error" [1m]))', counts["error"]
        ),
        Question(
            "logfmt p99 by model",
            f"quantile_over_time(0.99, {logfmt} | unwrap duration(duration) [1m]) by (model)",
            None,
        ),
        Question("JSON count by level", f"sum by (level) (count_over_time({json} [1m]))", counts["json"]),
        Question("JSON average by model", f"avg_over_time({json} | unwrap latency_ms [1m]) by (model)", None),
        Question("pattern count by status", f"sum by (status) (count_over_time({access} [1m]))", counts["access"]),
        Question("count by detected_level", f"sum by (detected_level) (count_over_time({ALL}[1m]))", workload.lines),
    ]
