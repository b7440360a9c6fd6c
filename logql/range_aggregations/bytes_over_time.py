"""``bytes_over_time``: bytes of the lines in the window."""

from __future__ import annotations

from logql.range_aggregations.window_function import WindowFunction

__all__ = ["BYTES_OVER_TIME"]

BYTES_OVER_TIME = WindowFunction(weighs_bytes=True, per_second=False)
