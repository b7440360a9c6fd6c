"""Sections 11.5 and 11.6: the functions over one window; values are (ts, value) in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from logql.ast import RangeFunction
from tests.oracle.statistics import mean, quantile, variance

__all__ = ["ORDER_MATTERS", "over_window"]

ORDER_MATTERS = (RangeFunction.FIRST_OVER_TIME, RangeFunction.LAST_OVER_TIME, RangeFunction.RATE_COUNTER)
Values = Sequence[float]


def over_window(
    function: RangeFunction, samples: Sequence[tuple[int, float]], range_ns: int, parameter: float | None
) -> float:
    values = [value for _, value in samples]
    range_s = range_ns / 1e9
    match function:
        case RangeFunction.RATE | RangeFunction.BYTES_RATE:
            return _total(values) / range_s
        case RangeFunction.RATE_COUNTER:
            return _rate_counter(samples, range_s)
        case RangeFunction.QUANTILE_OVER_TIME:
            return quantile(parameter or 0.0, values)
    return _FUNCTIONS[function](values)


def _total(values: Values) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


def _extreme(is_better: Callable[[float, float], bool]) -> Callable[[Values], float]:
    def extreme(values: Values) -> float:
        best = values[0]
        for value in values[1:]:
            if is_better(value, best) or math.isnan(best):
                best = value
        return best

    return extreme


_FUNCTIONS: Mapping[RangeFunction, Callable[[Values], float]] = {
    RangeFunction.COUNT_OVER_TIME: _total,
    RangeFunction.BYTES_OVER_TIME: _total,
    RangeFunction.SUM_OVER_TIME: _total,
    RangeFunction.AVG_OVER_TIME: mean,
    RangeFunction.MIN_OVER_TIME: _extreme(lambda value, best: value < best),
    RangeFunction.MAX_OVER_TIME: _extreme(lambda value, best: value > best),
    RangeFunction.STDVAR_OVER_TIME: variance,
    RangeFunction.STDDEV_OVER_TIME: lambda values: math.sqrt(variance(values)),
    RangeFunction.FIRST_OVER_TIME: lambda values: values[0],
    RangeFunction.LAST_OVER_TIME: lambda values: values[-1],
}


def _rate_counter(samples: Sequence[tuple[int, float]], range_s: float) -> float:
    """The mix of units is the reference's: S is in microseconds, D in seconds."""
    if len(samples) < 2:
        return 0.0
    (first_ns, first), (last_ns, last) = samples[0], samples[-1]
    increase, previous = last - first, 0.0
    for _, value in samples:
        if value < previous:
            increase += previous
        previous = value
    sampled = (last_ns - first_ns) / 1000
    if sampled == 0:
        return math.nan
    between = sampled / (len(samples) - 1)
    to_start = range_s
    if increase > 0 and first >= 0:
        to_start = min(to_start, sampled * first / increase)
    extended = sampled + (to_start if to_start < 1.1 * between else between / 2)
    return increase * (extended / sampled) / range_s
