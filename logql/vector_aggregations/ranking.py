"""Series by their value at each point: what topk, bottomk and the sorts have in common.

NaN comes after all numbers in either direction; equal values come in the order of their labels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from logql.samples.series_set import SeriesSet

__all__ = ["best", "in_order"]


def best(series: SeriesSet, groups: Sequence[Sequence[int]], count: int, sign: int) -> SeriesSet:
    """The first ``count`` samples of each group at each point; ``sign`` is 1 where small values come first, else -1.

    At a single point the groups come one after the other, each with its best series first.
    """
    present = np.zeros_like(series.present)
    ranked: list[int] = []
    for group in groups:
        members = np.array(sorted(group, key=series.labels.__getitem__))
        order = _order(series.values[members], series.present[members], sign)[:count]
        chosen = np.zeros((len(members), present.shape[1]), np.bool_)
        np.put_along_axis(chosen, order, True, axis=0)
        present[members] = chosen & series.present[members]
        ranked.extend(members[order[:, 0]].tolist())
    selected = SeriesSet(series.labels, series.values, present)
    if present.shape[1] == 1:
        selected = selected.take(ranked)
    return SeriesSet.of(selected.labels, selected.values, selected.present)


def in_order(series: SeriesSet, sign: int) -> SeriesSet:
    """At a single point all series by value; at many points there is no such order, so they stay as they are."""
    if series.values.shape[1] != 1 or not len(series):
        return series
    by_labels = series.take(sorted(range(len(series)), key=series.labels.__getitem__))
    return by_labels.take(_order(by_labels.values, by_labels.present, sign)[:, 0])


def _order(values: NDArray[np.float64], present: NDArray[np.bool_], sign: int) -> NDArray[np.intp]:
    """(series, points) numbers of the series, best first: numbers, then NaN, then those that are absent."""
    is_nan = np.isnan(values)
    worth = np.where(present & ~is_nan, sign * values, 0.0)
    return np.lexsort((worth, np.where(present, is_nan, 2)), axis=0)
