"""``avg``: the mean of the series that have a sample; a running mean, so that no sum can overflow.

An infinite mean stays unless NaN or the opposite infinity comes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["avg"]


def avg(values: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    mean, seen = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    with np.errstate(all="ignore"):
        for value, is_present in zip(values, present, strict=True):
            seen += is_present
            stays = np.isinf(mean) & (np.isfinite(value) | (value == mean))
            mean = np.where(is_present & ~stays, mean + (value / seen - mean / seen), mean)
    return mean
