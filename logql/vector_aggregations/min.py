"""``min``: the smallest value; NaN only where there is nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["minimum"]


def minimum(values: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(np.fmin.reduce(np.where(present, values, np.nan), axis=0))
