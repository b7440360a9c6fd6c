"""What is drawn: a name and points, and the runs of them that a line joins."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["PlotSeries", "Points", "least_distance_ms", "runs"]

Points: TypeAlias = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class PlotSeries:
    """``points``: milliseconds since the epoch, ascending, and values; those that are no finite number are gaps."""

    name: str
    points: Points

    @property
    def finite(self) -> list[tuple[int, float]]:
        return [(ts_ms, value) for ts_ms, value in self.points if math.isfinite(value)]


def least_distance_ms(all_series: Iterable[PlotSeries]) -> int:
    """The step of the query, as far as points tell; 0 without two points in any series."""
    distances = (
        later - earlier
        for series in all_series
        for (earlier, _), (later, _) in zip(series.points, series.points[1:], strict=False)
        if later > earlier
    )
    return min(distances, default=0)


def runs(points: Points, step_ms: int) -> list[list[tuple[int, float]]]:
    """Finite points that stand no further apart than a step and a half; what is missing between runs stays empty."""
    found: list[list[tuple[int, float]]] = []
    last_ms: int | None = None
    for ts_ms, value in points:
        if not math.isfinite(value):
            last_ms = None
            continue
        if last_ms is None or 2 * (ts_ms - last_ms) > 3 * step_ms:
            found.append([])
        found[-1].append((ts_ms, value))
        last_ms = ts_ms
    return found
