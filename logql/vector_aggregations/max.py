"""``max``: the largest value; NaN only where there is nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["maximum"]


def maximum(values: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(np.fmax.reduce(np.where(present, values, np.nan), axis=0))
