"""The points in time at which a metric query is evaluated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.ast import LogRange
from logql.requests import EVERYTHING_NS

__all__ = ["Grid"]

_FAR_NS = 4 * 10**18  # 126 years: beyond any stored entry, and no sum of two overflows int64


@dataclass(frozen=True, slots=True)
class Grid:
    """``points`` instants from ``start_ns`` on, ``step_ns`` apart; entries before ``oldest_ns`` are seen by none."""

    start_ns: int
    step_ns: int
    points: int
    oldest_ns: int = EVERYTHING_NS

    @classmethod
    def instant(cls, time_ns: int) -> Grid:
        return cls(time_ns, 1, 1)

    @classmethod
    def aligned(cls, start_ns: int, end_ns: int, step_ns: int) -> Grid:
        """Multiples of the step since the epoch, from start rounded down to end rounded up, as Loki evaluates."""
        first, last = start_ns // step_ns, -(-end_ns // step_ns)
        return cls(first * step_ns, step_ns, last - first + 1)

    @property
    def end_ns(self) -> int:
        """The last point."""
        return self.start_ns + (self.points - 1) * self.step_ns

    @property
    def ts_ms(self) -> NDArray[np.int64]:
        """(points,) as answers print them."""
        return (self.start_ns + np.arange(self.points, dtype=np.int64) * self.step_ns) // 1_000_000

    def read_window(self, log_range: LogRange) -> tuple[int, int]:
        """The times [start, end) of all entries that some point sees."""
        first_ns = self.start_ns - log_range.offset_ns - log_range.range_ns + 1
        return max(first_ns, self.oldest_ns), self.end_ns - log_range.offset_ns + 1

    def window_ends(self, log_range: LogRange) -> NDArray[np.int64]:
        """(points,) the last time that each point sees."""
        offset_ns = max(-_FAR_NS, min(log_range.offset_ns, _FAR_NS))
        return self.start_ns - offset_ns + np.arange(self.points, dtype=np.int64) * self.step_ns

    @staticmethod
    def reach_ns(log_range: LogRange) -> int:
        """How far back a point sees, as far as there can be entries."""
        return min(log_range.range_ns, _FAR_NS)

    def sees_all(self, log_range: LogRange) -> bool:
        """Whether no time of the read window falls between the windows of two points."""
        return self.points == 1 or self.step_ns <= log_range.range_ns

    def seen_by(self, ts: NDArray[np.int64], log_range: LogRange) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each entry the points [first, after) that see it.

        The point t sees the times in (t - offset - range, t - offset].
        """
        offset_ns = max(-_FAR_NS, min(log_range.offset_ns, _FAR_NS))
        since_start = ts + (offset_ns - self.start_ns)
        first = self._point_at_or_after(since_start)
        after = self._point_at_or_after(since_start + self.reach_ns(log_range))
        return first, after

    def _point_at_or_after(self, since_start: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.clip(-(-since_start // self.step_ns), 0, self.points)
