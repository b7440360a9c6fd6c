"""Series on one grid: what every metric expression but a number evaluates to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storage.labels import Labels

__all__ = ["SeriesSet"]


@dataclass(frozen=True, slots=True)
class SeriesSet:
    """``values`` (series, points) float64; where ``present`` is false the series has no sample at that point.

    A series is present at one point at least.
    """

    labels: tuple[Labels, ...]
    values: NDArray[np.float64]
    present: NDArray[np.bool_]

    @classmethod
    def of(cls, labels: Iterable[Labels], values: NDArray[np.float64], present: NDArray[np.bool_]) -> SeriesSet:
        """Drops series without a sample."""
        listed = tuple(labels)
        kept = np.flatnonzero(present.any(axis=1)).tolist() if listed else []
        if len(kept) == len(listed):
            return cls(listed, values, present)
        return cls(tuple(listed[series] for series in kept), values[kept], present[kept])

    def __len__(self) -> int:
        return len(self.labels)
