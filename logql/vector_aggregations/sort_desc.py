"""``sort_desc``: series by value, the largest first; only instant queries can show it."""

from __future__ import annotations

from collections.abc import Sequence

from logql.samples.series_set import SeriesSet
from logql.vector_aggregations.ranking import in_order

__all__ = ["descending"]


def descending(series: SeriesSet, _groups: Sequence[Sequence[int]], _count: int) -> SeriesSet:
    return in_order(series, sign=-1)
