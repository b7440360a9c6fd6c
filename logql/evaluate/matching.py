"""Arithmetic and comparisons between series that belong together by their labels.

One side may hold many series of a key (``group_left``: the left one); the other holds at most one at each point. What
is forbidden is forbidden at a point: series that are never there together do not collide.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from logql.arithmetic import apply_operator
from logql.ast import BinaryOperation, GroupSide, VectorMatching
from logql.errors import QueryError
from logql.evaluate.groups import numbers_by_key
from logql.evaluate.outcome import outcome
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet
from storage.labels import Labels

__all__ = ["matched_operation"]

_EXACT = VectorMatching(on=False, names=())
_ONE_TO_ONE = "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
_GROUPED = "multiple matches for labels: grouping labels must ensure unique matches"


def matched_operation(expr: BinaryOperation, left: SeriesSet, right: SeriesSet) -> SeriesSet:
    """Raises QueryError where labels do not tell which series belong together."""
    matching = expr.matching or _EXACT
    is_swapped = matching.group is GroupSide.RIGHT
    many, one = (right, left) if is_swapped else (left, right)
    key = LabelKey.matching(matching)
    one = _unique(one, key, matching, side="left" if is_swapped else "right")
    pairs = _pairs(many, one, key)
    if not pairs:
        return many.take([])
    ours, theirs = map(list, zip(*pairs, strict=True))
    present = many.present[ours] & one.present[theirs]
    labels = [_result_labels(many.labels[a], one.labels[b], matching) for a, b in pairs]
    _check_unique([key.project(many.labels[a]) for a in ours], labels, present, matching)
    values = (one.values[theirs], many.values[ours]) if is_swapped else (many.values[ours], one.values[theirs])
    return SeriesSet.joined(labels, *outcome(expr, apply_operator(expr.op, *values), values[0], present))


def _unique(one: SeriesSet, key: LabelKey, matching: VectorMatching, side: str) -> SeriesSet:
    """``one`` with no more labels than the result can show, so that series of a key become one where they may."""
    for numbers in numbers_by_key(one.labels, key).values():
        if _collide(one.present[numbers]):
            raise QueryError(
                f"found duplicate series on the {side} hand-side;"
                "many-to-many matching not allowed: matching labels must be unique on one side"
            )
    labels = (key.project(each).merged(_included(each, matching)) for each in one.labels)
    return SeriesSet.joined(labels, one.values, one.present)


def _pairs(many: SeriesSet, one: SeriesSet, key: LabelKey) -> list[tuple[int, int]]:
    """Numbers of series that have the same key and at least one point in common."""
    members = numbers_by_key(one.labels, key)
    candidates = ((a, b) for a, labels in enumerate(many.labels) for b in members.get(key.project(labels), ()))
    return [(a, b) for a, b in candidates if (many.present[a] & one.present[b]).any()]


def _included(labels: Labels, matching: VectorMatching) -> dict[str, str]:
    return {name: labels[name] for name in matching.include if labels.get(name)}


def _result_labels(many: Labels, one: Labels, matching: VectorMatching) -> Labels:
    if matching.group is None:
        return LabelKey.matching(matching).project(many)
    kept = LabelKey(without=frozenset(matching.include), drops_empty=True).project(many)
    return kept.merged(_included(one, matching))


def _check_unique(
    keys: Sequence[Labels], labels: Sequence[Labels], present: NDArray[np.bool_], matching: VectorMatching
) -> None:
    """Without grouping a key matches once at each point, with it each result is made once."""
    is_grouped = matching.group is not None
    results: Iterable[Hashable] = zip(keys, labels, strict=True) if is_grouped else keys
    members: dict[Hashable, list[int]] = {}
    for number, result in enumerate(results):
        members.setdefault(result, []).append(number)
    if any(_collide(present[numbers]) for numbers in members.values()):
        raise QueryError(_GROUPED if is_grouped else _ONE_TO_ONE)


def _collide(present: NDArray[np.bool_]) -> bool:
    """Whether two of the series are there at one point."""
    return len(present) > 1 and bool((present.sum(axis=0) > 1).any())
