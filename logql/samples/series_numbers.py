"""Numbers for the series of a query, given as rows name them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.samples.groups import RowGroups
from logql.series_limit import TooManySeries
from storage.labels import Labels

__all__ = ["SeriesNumbers"]


class SeriesNumbers:
    """Series are numbered in the order in which they are first seen. Not thread-safe: the owner has a lock."""

    def __init__(self, limit: int = 0) -> None:
        """``limit``: how many there may be, where that can be told before all are known; 0 for any number."""
        self._numbers: dict[Labels, int] = {}
        self._limit = limit

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def labels(self) -> tuple[Labels, ...]:
        return tuple(self._numbers)

    def of(self, groups: RowGroups) -> NDArray[np.int64]:
        """(groups,) the number of the series of each group that has rows. Raises TooManySeries."""
        numbers = np.zeros(len(groups.labels), np.int64)
        for group in np.flatnonzero(np.bincount(groups.group, minlength=len(groups.labels))).tolist():
            numbers[group] = self._numbers.setdefault(groups.labels[group], len(self._numbers))
        if self._limit and len(self._numbers) > self._limit:
            raise TooManySeries(self._limit)
        return numbers
