"""A number as an expression."""

from __future__ import annotations

import math
from dataclasses import dataclass

from logql.values.number import format_number

__all__ = ["Literal"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A scalar. NaN and infinities arise from folding only and print as an operation that folds to them again."""

    value: float

    def __str__(self) -> str:
        if math.isnan(self.value):
            return "(0 / 0)"
        if math.isinf(self.value):
            return "(10 ^ 999)" if self.value > 0 else "(-10 ^ 999)"
        return format_number(self.value)
