"""``| unwrap duration(took) | took > 0s``: where a range aggregation takes its samples from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from logql.ast.label_filter import LabelFilter

__all__ = ["Unwrap", "UnwrapConversion"]


class UnwrapConversion(StrEnum):
    """``NONE`` reads a plain float."""

    NONE = ""
    BYTES = "bytes"
    DURATION = "duration"
    DURATION_SECONDS = "duration_seconds"


@dataclass(frozen=True, slots=True)
class Unwrap:
    """The label ``name`` is converted to the sample; filters run after the conversion."""

    name: str
    conversion: UnwrapConversion = UnwrapConversion.NONE
    filters: tuple[LabelFilter, ...] = ()

    def __str__(self) -> str:
        source = f"{self.conversion.value}({self.name})" if self.conversion.value else self.name
        return " | ".join([f"| unwrap {source}", *map(str, self.filters)])
