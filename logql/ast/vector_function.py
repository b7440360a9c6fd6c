"""``vector(1)``."""

from __future__ import annotations

from dataclasses import dataclass

from logql.values.number import format_number

__all__ = ["VectorFunction"]


@dataclass(frozen=True, slots=True)
class VectorFunction:
    """One series without labels whose value is a finite number, at least 0."""

    value: float

    def __str__(self) -> str:
        text = f"{self.value:f}"
        return f"vector({text if float(text) == self.value else format_number(self.value)})"
