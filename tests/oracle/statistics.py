"""Means, variances and quantiles as the language page computes them."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["mean", "quantile", "variance"]


def mean(values: Sequence[float]) -> float:
    """Running mean; an infinite mean stays until NaN or the opposite infinity comes."""
    result = 0.0
    for count, value in enumerate(values, start=1):
        if math.isinf(result):
            if value == result or math.isfinite(value):
                continue
            return math.nan
        result += value / count - result / count
    return result


def variance(values: Sequence[float]) -> float:
    """Of the population, after Welford."""
    center = total = 0.0
    for count, value in enumerate(values, start=1):
        delta = value - center
        center += delta / count
        total += delta * (value - center)
    return total / len(values)


def quantile(part: float, values: Sequence[float]) -> float:
    """NaN sorts first."""
    if part < 0:
        return -math.inf
    if part > 1:
        return math.inf
    ordered = sorted(values, key=lambda value: -math.inf if math.isnan(value) else value)
    ordered.sort(key=lambda value: not math.isnan(value))
    rank = part * (len(ordered) - 1)
    low = math.floor(rank)
    high = min(low + 1, len(ordered) - 1)
    weight = rank - low
    return ordered[low] * (1 - weight) + ordered[high] * weight
