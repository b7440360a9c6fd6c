"""A log query over a window: ``{app="web"} | json | unwrap took [5m] offset 1h``."""

from __future__ import annotations

from dataclasses import dataclass

from logql.ast.log_query import LogQuery
from logql.ast.unwrap import Unwrap
from logql.values.go_duration import format_go_duration
from logql.values.prometheus_duration import format_prometheus_duration

__all__ = ["LogRange"]


@dataclass(frozen=True, slots=True)
class LogRange:
    """The window at t is (t - offset - range, t - offset]; the offset may be negative."""

    query: LogQuery
    unwrap: Unwrap | None
    range_ns: int
    offset_ns: int = 0

    def __str__(self) -> str:
        unwrap = f" {self.unwrap}" if self.unwrap else ""
        offset = f" offset {format_go_duration(self.offset_ns)}" if self.offset_ns else ""
        return f"{self.query}{unwrap}[{format_prometheus_duration(self.range_ns)}]{offset}"
