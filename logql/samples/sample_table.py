"""All samples of an aggregation, by series and time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storage.labels import Labels

__all__ = ["SampleTable"]


@dataclass(frozen=True, slots=True)
class SampleTable:
    """``ts`` and ``values`` (samples,); those of series i are [starts[i], starts[i + 1]), by time, in entry order."""

    labels: tuple[Labels, ...]
    starts: NDArray[np.int64]
    ts: NDArray[np.int64]
    values: NDArray[np.float64]
