"""``and``, ``unless`` and ``or``: which samples stay, by whether the other side has one with the same key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from logql.ast import BinaryOperator
from logql.evaluate.groups import numbers_by_key
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet

__all__ = ["SET_OPERATIONS"]


def _and(left: SeriesSet, right: SeriesSet, key: LabelKey) -> SeriesSet:
    return SeriesSet.of(left.labels, left.values, left.present & _has_key(right, left, key))


def _unless(left: SeriesSet, right: SeriesSet, key: LabelKey) -> SeriesSet:
    return SeriesSet.of(left.labels, left.values, left.present & ~_has_key(right, left, key))


def _or(left: SeriesSet, right: SeriesSet, key: LabelKey) -> SeriesSet:
    added = right.present & ~_has_key(left, right, key)
    return SeriesSet.joined(
        left.labels + right.labels, np.concatenate([left.values, right.values]), np.concatenate([left.present, added])
    )


def _has_key(among: SeriesSet, asking: SeriesSet, key: LabelKey) -> NDArray[np.bool_]:
    """(series, points) of ``asking``: whether ``among`` has a sample of the series' key at the point."""
    found = np.zeros_like(asking.present)
    members = numbers_by_key(among.labels, key)
    for wanted, numbers in numbers_by_key(asking.labels, key).items():
        if wanted in members:
            found[numbers] = among.present[members[wanted]].any(axis=0)
    return found


SET_OPERATIONS: Mapping[BinaryOperator, Callable[[SeriesSet, SeriesSet, LabelKey], SeriesSet]] = {
    BinaryOperator.AND: _and,
    BinaryOperator.OR: _or,
    BinaryOperator.UNLESS: _unless,
}
