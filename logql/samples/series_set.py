"""Series on one grid: what every metric expression but a number evaluates to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storage.labels import Labels

__all__ = ["SeriesSet"]


@dataclass(frozen=True, slots=True)
class SeriesSet:
    """``values`` (series, points) float64; where ``present`` is false the series has no sample at that point.

    A series is present at one point at least. Only ``label_replace`` makes two series with equal labels.
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

    @classmethod
    def joined(cls, labels: Iterable[Labels], values: NDArray[np.float64], present: NDArray[np.bool_]) -> SeriesSet:
        """Like ``of``; series with equal labels that are never present at one point become one."""
        series = cls.of(labels, values, present)
        home: dict[Labels, int] = {}
        moved: set[int] = set()
        for number, each in enumerate(series.labels):
            first = home.setdefault(each, number)
            if first == number or (series.present[first] & series.present[number]).any():
                continue
            if not moved:
                series = cls(series.labels, series.values.copy(), series.present.copy())
            series.values[first] = np.where(series.present[number], series.values[number], series.values[first])
            series.present[first] |= series.present[number]
            moved.add(number)
        return series.take([number for number in range(len(series)) if number not in moved]) if moved else series

    def take(self, numbers: Sequence[int] | NDArray[Any]) -> SeriesSet:
        """The series of these numbers, in this order."""
        listed = [int(number) for number in numbers]
        return SeriesSet(tuple(self.labels[number] for number in listed), self.values[listed], self.present[listed])

    def __len__(self) -> int:
        return len(self.labels)
