"""An aggregation over series: ``sum by (app) (rate({env="prod"}[5m]))``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from logql.ast.grouping import Grouping
from logql.values.number import format_number

if TYPE_CHECKING:
    from logql.ast.unions import MetricExpr

__all__ = ["VectorAggregation", "VectorAggregationFunction"]


class VectorAggregationFunction(StrEnum):
    SUM = "sum"
    AVG = "avg"
    COUNT = "count"
    MAX = "max"
    MIN = "min"
    STDDEV = "stddev"
    STDVAR = "stdvar"
    BOTTOMK = "bottomk"
    TOPK = "topk"
    SORT = "sort"
    SORT_DESC = "sort_desc"
    APPROX_TOPK = "approx_topk"


@dataclass(frozen=True, slots=True)
class VectorAggregation:
    """No grouping makes one group of all series (``by ()`` is read as that); the parameter is the k of topk."""

    function: VectorAggregationFunction
    expr: MetricExpr
    grouping: Grouping | None = None
    parameter: float | None = None

    def __str__(self) -> str:
        grouping = "" if self.grouping is None else f" {self.grouping}"
        parameter = "" if self.parameter is None else f"{format_number(self.parameter)},"
        return f"{self.function.value}{grouping}({parameter}{self.expr})"
