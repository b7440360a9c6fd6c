"""``count_over_time``: how many entries the window holds."""

from __future__ import annotations

from logql.range_aggregations.window_function import WindowFunction

__all__ = ["COUNT_OVER_TIME"]

COUNT_OVER_TIME = WindowFunction(weighs_bytes=False, per_second=False)
