"""``avg``: the mean of the series that have a sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["avg"]


def avg(values: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    # Points without a sample divide 0 by 1 here; the caller drops them.
    return np.asarray(np.where(present, values, 0.0).sum(axis=0) / np.maximum(present.sum(axis=0), 1))
