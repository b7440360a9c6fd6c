"""``rate``: entries per second of the nominal range."""

from __future__ import annotations

from logql.range_aggregations.window_function import WindowFunction

__all__ = ["RATE"]

RATE = WindowFunction(weighs_bytes=False, per_second=True)
