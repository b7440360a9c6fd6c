"""What can be asked of the engine, parsed from whatever carried it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from logql.limits import QueryLimits

EVERYTHING_NS = -(1 << 62)

__all__ = ["EVERYTHING_NS", "Direction", "InstantQuery", "RangeQuery"]


class Direction(StrEnum):
    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True)
class RangeQuery:
    """A query over [start_ns, end_ns); metric queries are evaluated on the grid of step_ms.

    Entries before ``oldest_ns`` are not seen, whatever the window.
    """

    text: str
    start_ns: int
    end_ns: int
    step_ms: int
    limit: int = 100
    direction: Direction = Direction.BACKWARD
    interval_ns: int = 0
    limits: QueryLimits = field(default_factory=QueryLimits)
    oldest_ns: int = EVERYTHING_NS
    partial_series: bool = False  # over the series limit: answer the first ones and a warning instead of an error


@dataclass(frozen=True, slots=True)
class InstantQuery:
    """A metric query evaluated once, at time_ns. Entries before ``oldest_ns`` are not seen."""

    text: str
    time_ns: int
    limits: QueryLimits = field(default_factory=QueryLimits)
    partial_series: bool = False
    oldest_ns: int = EVERYTHING_NS
