"""Plain definitions of the functions over one window, in the order of the entries, and how results compare."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

__all__ = ["DEFINITIONS", "Sample", "same"]

# Time in ns, value.
Sample = tuple[int, float]
Definition = Callable[[Sequence[Sample], float], float]


def same(ours: float, theirs: float) -> bool:
    """Equal but for rounding; NaN is NaN."""
    if math.isnan(ours) or math.isnan(theirs):
        return math.isnan(ours) and math.isnan(theirs)
    return ours == theirs or math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)


def _sum(window: Sequence[Sample], _range_s: float) -> float:
    return math.fsum(value for _, value in window)


def _avg(window: Sequence[Sample], range_s: float) -> float:
    return _sum(window, range_s) / len(window)


def _stdvar(window: Sequence[Sample], range_s: float) -> float:
    mean = _avg(window, range_s)
    return math.fsum((value - mean) ** 2 for _, value in window) / len(window)


def _quantile(window: Sequence[Sample], q: float) -> float:
    ordered = sorted(value for _, value in window)
    rank = q * (len(ordered) - 1)
    place, weight = math.floor(rank), rank - math.floor(rank)
    return ordered[place] * (1 - weight) + ordered[min(place + 1, len(ordered) - 1)] * weight


def _rate_counter(window: Sequence[Sample], range_s: float) -> float:
    if len(window) < 2:
        return 0.0
    values = [value for _, value in window]
    pairs = zip([0.0, *values], values, strict=False)
    increase = values[-1] - values[0] + sum(before for before, after in pairs if after < before)
    sampled = (window[-1][0] - window[0][0]) / 1000
    if not sampled:
        return math.nan
    average = sampled / (len(window) - 1)
    to_start = min(range_s, sampled * values[0] / increase) if increase > 0 and values[0] >= 0 else range_s
    reached = sampled + (to_start if to_start < 1.1 * average else average / 2)
    return increase * reached / sampled / range_s


DEFINITIONS: Mapping[str, Definition] = {
    "avg_over_time": _avg,
    "first_over_time": lambda window, _: window[0][1],
    "last_over_time": lambda window, _: window[-1][1],
    "max_over_time": lambda window, _: max(value for _, value in window),
    "min_over_time": lambda window, _: min(value for _, value in window),
    "quantile_over_time": lambda window, _: _quantile(window, 0.9),
    "rate": lambda window, range_s: _sum(window, range_s) / range_s,
    "rate_counter": _rate_counter,
    "stddev_over_time": lambda window, range_s: math.sqrt(_stdvar(window, range_s)),
    "stdvar_over_time": _stdvar,
    "sum_over_time": _sum,
}
