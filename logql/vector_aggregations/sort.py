"""``sort``: series by value, the smallest first; only instant queries can show it."""

from __future__ import annotations

from collections.abc import Sequence

from logql.samples.series_set import SeriesSet
from logql.vector_aggregations.ranking import in_order

__all__ = ["ascending"]


def ascending(series: SeriesSet, _groups: Sequence[Sequence[int]], _count: int) -> SeriesSet:
    return in_order(series, sign=1)
