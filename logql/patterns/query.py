"""Patterns of the lines of a selector: mined from a sample of them, then counted over all by time and level.

Nothing is kept between questions. Each line counts for one pattern; lines like none of the sample count for none.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.ast import Matcher
from logql.cancel import Cancel, check_query
from logql.limits import QueryLimits
from logql.patterns.miner import Miner
from logql.samples.budget import MemoryBudget
from logql.scan.frame import Frame
from logql.scan.selection import Selection
from logql.scan.sizes import Buckets
from logql.scan.tally import Tally
from logql.scan.wanted import wanted_sources
from logql.scan.workers import Workers
from logql.stages.line_filter.pattern import pattern_matcher
from logql.streams import matches_all
from storage.source import Source

__all__ = ["Pattern", "PatternsQuery", "find_patterns"]

_LEVEL, _NO_LEVEL = "detected_level", "unknown"
_SAMPLED_LINES = 8192
_SAMPLED_SOURCES = 32
_PATTERNS = 100
_LEAST_STEP_NS = 10_000_000_000
_CELL_BYTES = 8


@dataclass(frozen=True, slots=True)
class PatternsQuery:
    """``selector``: its text. Steps are whole multiples of 10 s: a finer one becomes the next of them."""

    selector: str
    start_ns: int
    end_ns: int
    step_ns: int
    limits: QueryLimits = field(default_factory=QueryLimits)

    @property
    def whole_step_ns(self) -> int:
        return max(-(-self.step_ns // _LEAST_STEP_NS), 1) * _LEAST_STEP_NS


@dataclass(frozen=True, slots=True)
class Pattern:
    """``samples``: (seconds, lines) at each multiple of the step from which on, up to the next, there are lines."""

    text: str
    level: str
    samples: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        return sum(lines for _, lines in self.samples)


def find_patterns(
    asked: PatternsQuery,
    matchers: tuple[Matcher, ...],
    sources: Sequence[Source],
    workers: Workers,
    cancel: Cancel,
    tally: Tally,
) -> list[Pattern]:
    """The patterns of the selected lines, those of the most lines first. Raises LimitExceeded."""
    selection = Selection(partial(matches_all, matchers), asked.start_ns, asked.end_ns)
    tasks = wanted_sources(sources, selection, tally)
    tally.will_read([source for _, source in tasks])
    with cancel.watching():
        patterns = _mined([source for _, source in tasks], selection)
    counts = _Counts(patterns, Buckets(asked.start_ns, asked.end_ns, asked.whole_step_ns), asked.limits)

    def count(task: tuple[int, Source]) -> None:
        frame = selection.frame(task[1])
        tally.selected(task[1], frame, reads_lines=True)
        counts.add(frame)

    if patterns:
        workers.run(tasks, count, cancel)
    return counts.patterns()


def _mined(sources: Sequence[Source], selection: Selection) -> list[str]:
    miner = Miner()
    for line in _sampled(sources, selection):
        check_query()
        miner.add(line)
    return miner.patterns(_PATTERNS)


def _sampled(sources: Sequence[Source], selection: Selection) -> Iterable[str]:
    """Lines from all over the window: of a source as large a share as it has of all lines."""
    picked = [sources[place] for place in _spread(len(sources), _SAMPLED_SOURCES)]
    rows = max(sum(len(source) for source in picked), 1)
    for source in picked:
        frame = selection.frame(source)
        places = _spread(len(frame), -(-_SAMPLED_LINES * len(source) // rows))
        if len(places):
            yield from frame.line().take(pa.array(places)).to_pylist()


def _spread(count: int, picked: int) -> NDArray[np.int64]:
    """At most ``picked`` of the numbers below ``count``, evenly spaced."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(picked, count)).astype(np.int64))


class _Counts:
    """Thread-safe."""

    def __init__(self, patterns: Sequence[str], buckets: Buckets, limits: QueryLimits) -> None:
        self._patterns, self._buckets = patterns, buckets
        self._matchers = [pattern_matcher(pattern) for pattern in patterns]
        self._budget = MemoryBudget(limits.memory_budget_bytes)
        self._lock = threading.Lock()
        self._lines: dict[tuple[int, str], NDArray[np.int64]] = {}

    def add(self, frame: Frame) -> None:
        pattern = self._pattern_of(frame.line())
        rows = np.flatnonzero(pattern >= 0)
        if not len(rows):
            return
        column, buckets = frame.label(_LEVEL), self._buckets.of_all(frame.ts()[rows])
        texts = [*column.values.to_pylist(), _NO_LEVEL]  # the last one is that of code -1
        kinds, kind = np.unique(pattern[rows] * len(texts) + column.codes[rows] % len(texts), return_inverse=True)
        found = np.bincount(kind * len(self._buckets) + buckets, minlength=len(kinds) * len(self._buckets))
        with self._lock:
            for each, counts in zip(kinds.tolist(), found.reshape(len(kinds), -1), strict=True):
                lines = self._row(each // len(texts), texts[each % len(texts)])
                lines += counts

    def _pattern_of(self, lines: pa.Array) -> NDArray[np.int32]:
        """(rows,) the first pattern that each line matches, -1 for none."""
        pattern, left = np.full(len(lines), -1, np.int32), np.arange(len(lines))
        for number, matches in enumerate(self._matchers):
            check_query()
            hit = matches(lines)
            if hit.any():
                pattern[left[hit]] = number
                left, lines = left[~hit], lines.filter(pa.array(~hit))
            if not len(left):
                break
        return pattern

    def _row(self, pattern: int, level: str) -> NDArray[np.int64]:
        key = pattern, level
        if key not in self._lines:
            self._budget.reserve(_CELL_BYTES * len(self._buckets), "patterns by level and time", "enlarge the step")
            self._lines[key] = np.zeros(len(self._buckets), np.int64)
        return self._lines[key]

    def patterns(self) -> list[Pattern]:
        found = [
            Pattern(self._patterns[which], level, self._samples(lines)) for (which, level), lines in self._lines.items()
        ]
        return sorted(found, key=lambda pattern: (-pattern.count, pattern.text, pattern.level))

    def _samples(self, lines: NDArray[np.int64]) -> tuple[tuple[int, int], ...]:
        return tuple((self._buckets.start_s(bucket), int(lines[bucket])) for bucket in np.flatnonzero(lines).tolist())
