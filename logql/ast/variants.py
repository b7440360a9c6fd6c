"""``variants(e1, e2) of ({app="web"}[5m])``: several aggregations over one reading of the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logql.ast.log_range import LogRange

if TYPE_CHECKING:
    from logql.ast.unions import MetricExpr

__all__ = ["Variants"]


@dataclass(frozen=True, slots=True)
class Variants:
    """Every expression sees the entries of the log range."""

    expressions: tuple[MetricExpr, ...]
    log_range: LogRange

    def __str__(self) -> str:
        return f"variants({', '.join(map(str, self.expressions))}) of ({self.log_range})"
