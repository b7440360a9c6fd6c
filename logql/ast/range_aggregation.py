"""An aggregation over a window: ``rate({app="web"}[5m])``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from logql.ast.grouping import Grouping
from logql.ast.log_range import LogRange
from logql.values.number import format_number

__all__ = ["RangeAggregation", "RangeFunction"]


class RangeFunction(StrEnum):
    RATE = "rate"
    RATE_COUNTER = "rate_counter"
    COUNT_OVER_TIME = "count_over_time"
    BYTES_RATE = "bytes_rate"
    BYTES_OVER_TIME = "bytes_over_time"
    AVG_OVER_TIME = "avg_over_time"
    SUM_OVER_TIME = "sum_over_time"
    MIN_OVER_TIME = "min_over_time"
    MAX_OVER_TIME = "max_over_time"
    STDVAR_OVER_TIME = "stdvar_over_time"
    STDDEV_OVER_TIME = "stddev_over_time"
    QUANTILE_OVER_TIME = "quantile_over_time"
    FIRST_OVER_TIME = "first_over_time"
    LAST_OVER_TIME = "last_over_time"
    ABSENT_OVER_TIME = "absent_over_time"


@dataclass(frozen=True, slots=True)
class RangeAggregation:
    """No grouping keeps all labels; the parameter is the quantile of quantile_over_time."""

    function: RangeFunction
    log_range: LogRange
    grouping: Grouping | None = None
    parameter: float | None = None

    def __str__(self) -> str:
        parameter = "" if self.parameter is None else f"{format_number(self.parameter)},"
        grouping = "" if self.grouping is None else f" {self.grouping}"
        return f"{self.function.value}({parameter}{self.log_range}){grouping}"
