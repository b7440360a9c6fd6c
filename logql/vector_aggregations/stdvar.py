"""``stdvar``: the population variance of the series that have a sample, by Welford's recurrence; 0 for one, even if it
is infinite."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["stdvar"]


def stdvar(values: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    mean, squares, seen = np.zeros((3, values.shape[1]))
    with np.errstate(all="ignore"):
        for value, is_present in zip(values, present, strict=True):
            seen += is_present
            delta, is_first = value - mean, seen == 1
            moved = np.where(is_first, value, mean + delta / seen)
            squares = np.where(is_present & ~is_first, squares + delta * (value - moved), squares)
            mean = np.where(is_present, moved, mean)
        return np.asarray(squares / seen)
