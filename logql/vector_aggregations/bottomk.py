"""``bottomk``: at each point the k smallest series of each group, with all their labels."""

from __future__ import annotations

from collections.abc import Sequence

from logql.samples.series_set import SeriesSet
from logql.vector_aggregations.ranking import best

__all__ = ["bottomk"]


def bottomk(series: SeriesSet, groups: Sequence[Sequence[int]], count: int) -> SeriesSet:
    return best(series, groups, count, sign=1)
