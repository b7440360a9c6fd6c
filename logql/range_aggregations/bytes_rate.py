"""``bytes_rate``: bytes of the lines per second of the nominal range."""

from __future__ import annotations

from logql.range_aggregations.window_function import WindowFunction

__all__ = ["BYTES_RATE"]

BYTES_RATE = WindowFunction(weighs_bytes=True, per_second=True)
