"""Aggregations over a window, one file each.

Those of ``SUMS`` add up whole numbers: how much an entry weighs, and what the sums in a window mean. Those of
``SAMPLE_FUNCTIONS`` see the samples that ``unwrap`` took from the entries, window by window, and answer (windows,)
values. Adding one is adding a file and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from logql.ast import RangeFunction
from logql.range_aggregations.absent_over_time import absent_labels
from logql.range_aggregations.avg_over_time import avg_over_time
from logql.range_aggregations.bytes_over_time import BYTES_OVER_TIME
from logql.range_aggregations.bytes_rate import BYTES_RATE
from logql.range_aggregations.count_over_time import COUNT_OVER_TIME
from logql.range_aggregations.first_over_time import first_over_time
from logql.range_aggregations.last_over_time import last_over_time
from logql.range_aggregations.max_over_time import max_over_time
from logql.range_aggregations.min_over_time import min_over_time
from logql.range_aggregations.quantile_over_time import quantile_over_time
from logql.range_aggregations.rate import RATE, rate_of_samples
from logql.range_aggregations.rate_counter import rate_counter
from logql.range_aggregations.stddev_over_time import stddev_over_time
from logql.range_aggregations.stdvar_over_time import stdvar_over_time
from logql.range_aggregations.sum_over_time import sum_over_time
from logql.range_aggregations.window_function import WindowFunction
from logql.range_aggregations.windowed import Windowed

__all__ = ["SAMPLE_FUNCTIONS", "SUMS", "SampleFunction", "WindowFunction", "Windowed", "absent_labels"]

SampleFunction = Callable[[Windowed], NDArray[np.float64]]

SUMS: Mapping[RangeFunction, WindowFunction] = {
    RangeFunction.BYTES_OVER_TIME: BYTES_OVER_TIME,
    RangeFunction.BYTES_RATE: BYTES_RATE,
    RangeFunction.COUNT_OVER_TIME: COUNT_OVER_TIME,
    RangeFunction.RATE: RATE,
}

SAMPLE_FUNCTIONS: Mapping[RangeFunction, SampleFunction] = {
    RangeFunction.AVG_OVER_TIME: avg_over_time,
    RangeFunction.FIRST_OVER_TIME: first_over_time,
    RangeFunction.LAST_OVER_TIME: last_over_time,
    RangeFunction.MAX_OVER_TIME: max_over_time,
    RangeFunction.MIN_OVER_TIME: min_over_time,
    RangeFunction.QUANTILE_OVER_TIME: quantile_over_time,
    RangeFunction.RATE: rate_of_samples,
    RangeFunction.RATE_COUNTER: rate_counter,
    RangeFunction.STDDEV_OVER_TIME: stddev_over_time,
    RangeFunction.STDVAR_OVER_TIME: stdvar_over_time,
    RangeFunction.SUM_OVER_TIME: sum_over_time,
}
