"""``count``: the number of series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["count"]


def count(values: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(present.sum(axis=0), np.float64)
