"""Compiled loops over samples: their order, their windows, and the texts they are made from."""

from logql.samples.kernels.order import is_ordered, series_places
from logql.samples.kernels.texts import parse_decimals, parse_durations, parse_sizes, to_seconds
from logql.samples.kernels.window_adds import add_to_windows
from logql.samples.kernels.windows import window_bounds

__all__ = [
    "add_to_windows",
    "is_ordered",
    "parse_decimals",
    "parse_durations",
    "parse_sizes",
    "series_places",
    "to_seconds",
    "window_bounds",
]
