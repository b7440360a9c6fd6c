"""``topk``: at each point the k largest series of each group, with all their labels."""

from __future__ import annotations

from collections.abc import Sequence

from logql.samples.series_set import SeriesSet
from logql.vector_aggregations.ranking import best

__all__ = ["topk"]


def topk(series: SeriesSet, groups: Sequence[Sequence[int]], count: int) -> SeriesSet:
    return best(series, groups, count, sign=-1)
