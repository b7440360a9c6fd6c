"""The types that kernels over windows share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels import INT64S

__all__ = ["FLOAT64S", "WINDOW_VALUES", "Floats", "Integers", "windows_of"]

FLOAT64S: Any = types.Array(types.float64, 1, "C", readonly=True)
WINDOW_VALUES: Any = types.float64[::1](FLOAT64S, INT64S, INT64S)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def windows_of(values: Floats, low: Integers, high: Integers) -> list[list[float]]:
    """The samples of each window, for twins."""
    return [values[a:b].tolist() for a, b in zip(low.tolist(), high.tolist(), strict=True)]
