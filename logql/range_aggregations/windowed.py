"""What a function over windows of samples is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Windowed"]


@dataclass(frozen=True, slots=True)
class Windowed:
    """Windows of ``range_ns`` (above 0): the samples [low, high) of ``ts`` and ``values``, in entry order.

    ``low`` and ``high`` are (windows,); an empty window may get any value, as it is not shown.
    """

    ts: NDArray[np.int64]
    values: NDArray[np.float64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    range_ns: int
    parameter: float = 0.0

    @property
    def range_s(self) -> float:
        return self.range_ns / 1e9
