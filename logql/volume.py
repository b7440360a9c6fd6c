"""How many bytes of lines there are, by label values or label names, in one sum or on a time grid."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from logql.ast import Matcher
from logql.cancel import Cancel
from logql.errors import LimitExceeded
from logql.limits import QueryLimits
from logql.results import Matrix, Series, Vector
from logql.samples.budget import MemoryBudget
from logql.scan.selection import Selection
from logql.scan.sizes import Buckets, Sizes, sizes_of
from logql.scan.tally import Tally
from logql.scan.wanted import wanted_sources
from logql.scan.workers import Workers
from logql.streams import matches_all
from storage.labels import Labels
from storage.source import Source

__all__ = ["AggregateBy", "VolumeQuery", "volume"]

_KIB = 1024
_CELL_BYTES = 8


class AggregateBy(StrEnum):
    SERIES = "series"
    LABELS = "labels"


@dataclass(frozen=True, slots=True)
class VolumeQuery:
    """``selector``: its text, ``{}`` selects every stream. Without ``step_ns`` the window is one bucket.

    target_labels   by series: the labels to group by, else those that the selector names; streams that lack one are
                    left out. By labels: the names to show, else all
    """

    selector: str
    start_ns: int
    end_ns: int
    step_ns: int | None = None
    limit: int = 100
    target_labels: tuple[str, ...] = ()
    aggregate_by: AggregateBy = AggregateBy.SERIES
    limits: QueryLimits = field(default_factory=QueryLimits)


# The groups that a stream counts for.
Grouping = Callable[[Labels], tuple[Labels, ...]]


def volume(
    asked: VolumeQuery,
    matchers: tuple[Matcher, ...],
    sources: Sequence[Source],
    workers: Workers,
    cancel: Cancel,
    tally: Tally,
    scope: tuple[Matcher, ...] = (),
    unshown: frozenset[str] = frozenset(),
) -> Matrix | Vector:
    """The largest groups that have bytes. ``matchers`` are those of the selector, which may name the labels to group
    by; streams must pass those of ``scope``, too. Labels of ``unshown`` group only where ``target_labels`` name them.

    A Matrix when some group has several buckets with bytes, or the groups different ones. Raises LimitExceeded.
    """
    selection = Selection(partial(matches_all, (*matchers, *scope)), asked.start_ns, asked.end_ns)
    sums = _Sums(
        _grouping(asked, matchers, unshown), Buckets(asked.start_ns, asked.end_ns, asked.step_ns), asked.limits
    )

    def read(task: tuple[int, Source]) -> None:
        _, source = task
        sizes = sizes_of(source, selection, sums.buckets)
        tally.passed(int(sizes.rows.sum()))
        sums.add(source.streams, sizes)

    workers.run(wanted_sources(sources, selection, tally), read, cancel)
    return _printed(sums.largest(asked.limit), asked, sums.buckets)


def _grouping(asked: VolumeQuery, matchers: tuple[Matcher, ...], unshown: frozenset[str]) -> Grouping:
    if asked.aggregate_by is AggregateBy.LABELS:
        return _by_names(asked.target_labels, unshown)
    return _by_values(asked.target_labels or tuple({matcher.name for matcher in matchers} - unshown), unshown)


def _by_values(names: tuple[str, ...], unshown: frozenset[str]) -> Grouping:
    """One group for each combination of values; without names each stream is one."""
    if not names:
        return lambda labels: (_without(labels, unshown),)
    return lambda labels: (Labels((n, labels[n]) for n in names),) if all(n in labels for n in names) else ()


def _by_names(names: tuple[str, ...], unshown: frozenset[str]) -> Grouping:
    """One group for each name of a label, the empty value standing for all of its values."""
    return lambda labels: tuple(
        Labels({name: ""}) for name in labels if (name in names if names else name not in unshown)
    )


def _without(labels: Labels, names: frozenset[str]) -> Labels:
    return Labels(pair for pair in labels.pairs if pair[0] not in names) if names else labels


class _Sums:
    """Thread-safe. Bytes of every group by bucket, and of every stream, which the order of groups follows."""

    def __init__(self, grouping: Grouping, buckets: Buckets, limits: QueryLimits) -> None:
        self.buckets = buckets
        self._grouping, self._max_groups = grouping, limits.volume_max_series
        self._budget = MemoryBudget(limits.memory_budget_bytes)
        self._lock = threading.Lock()
        self._groups: dict[Labels, NDArray[np.int64]] = {}
        self._streams: dict[Labels, int] = {}

    def add(self, streams: Sequence[Labels], sizes: Sizes) -> None:
        # Sorted by stream: each one's rows are a slice.
        firsts = np.flatnonzero(np.diff(sizes.stream, prepend=-1)).tolist()
        for start, stop in pairwise([*firsts, len(sizes.stream)]):
            self._add_stream(streams[int(sizes.stream[start])], sizes.bucket[start:stop], sizes.line_bytes[start:stop])

    def _add_stream(self, labels: Labels, buckets: NDArray[np.int64], line_bytes: NDArray[np.int64]) -> None:
        groups = self._grouping(labels)
        if not groups:
            return
        with self._lock:
            self._streams[labels] = self._streams.get(labels, 0) + int(line_bytes.sum())
            for group in groups:
                self._row(group)[buckets] += line_bytes

    def _row(self, group: Labels) -> NDArray[np.int64]:
        if group not in self._groups:
            if self._max_groups and len(self._groups) >= self._max_groups:
                raise LimitExceeded(f"the query hit the max number of series limit (limit: {self._max_groups} series)")
            self._budget.reserve(_CELL_BYTES * len(self.buckets), "volumes by series and time")
            self._groups[group] = np.zeros(len(self.buckets), np.int64)
        return self._groups[group]

    def largest(self, limit: int) -> list[tuple[Labels, NDArray[np.int64]]]:
        """The groups of the most bytes, largest first; those of one size by name.

        A stream weighs whole KiB, as in the reference's index: streams that are nearly equal then keep their places
        while lines arrive, and a ``limit`` does not cut off another one every second.
        """
        weights = dict.fromkeys(self._groups, 0)
        for labels, line_bytes in self._streams.items():
            for group in self._grouping(labels):
                weights[group] += -(-line_bytes // _KIB)
        order = sorted(
            (group for group in self._groups if weights[group]), key=lambda group: (-weights[group], group.text)
        )
        return [(group, self._groups[group]) for group in order[:limit]]


def _printed(
    groups: Sequence[tuple[Labels, NDArray[np.int64]]], asked: VolumeQuery, buckets: Buckets
) -> Matrix | Vector:
    filled = [np.flatnonzero(sums) for _, sums in groups]
    moments = {int(bucket) for each in filled for bucket in each}
    if len(moments) <= 1:
        ts_ms = buckets.last_ms(moments.pop()) if moments else asked.end_ns // 1_000_000
        return Vector(ts_ms, [(labels, float(sums.sum())) for labels, sums in groups])
    series = [
        Series(labels, np.array([buckets.last_ms(bucket) for bucket in each.tolist()]), sums[each].astype(np.float64))
        for (labels, sums), each in zip(groups, filled, strict=True)
    ]
    return Matrix(sorted(series, key=lambda one: -one.values[0]))
