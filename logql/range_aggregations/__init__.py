"""Aggregations over a window, one file each: how much an entry weighs, and what the sums in a window mean.

Adding one is adding a file and a line in ``FUNCTIONS``.
"""

from __future__ import annotations

from collections.abc import Mapping

from logql.ast import RangeFunction
from logql.range_aggregations.bytes_over_time import BYTES_OVER_TIME
from logql.range_aggregations.bytes_rate import BYTES_RATE
from logql.range_aggregations.count_over_time import COUNT_OVER_TIME
from logql.range_aggregations.rate import RATE
from logql.range_aggregations.window_function import WindowFunction

__all__ = ["FUNCTIONS", "WindowFunction"]

FUNCTIONS: Mapping[RangeFunction, WindowFunction] = {
    RangeFunction.BYTES_OVER_TIME: BYTES_OVER_TIME,
    RangeFunction.BYTES_RATE: BYTES_RATE,
    RangeFunction.COUNT_OVER_TIME: COUNT_OVER_TIME,
    RangeFunction.RATE: RATE,
}
