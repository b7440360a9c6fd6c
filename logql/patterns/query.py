"""Patterns of the lines of a selector, by time and level.

Merged parts have kept what was mined when they were written: no line of theirs is read. All other sources are mined
now, each by itself; patterns of different sources that are alike become one. A line counts for one pattern, or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from logql.ast import Matcher
from logql.cancel import Cancel
from logql.limits import QueryLimits
from logql.patterns.found import FoundPatterns, kept_patterns, mined_patterns
from logql.patterns.joined import Joined, Pattern
from logql.scan.selection import Selection
from logql.scan.sizes import Buckets
from logql.scan.tally import Tally
from logql.scan.wanted import wanted_sources
from logql.scan.workers import Workers
from logql.streams import matches_all
from storage.patterns import PatternCounts
from storage.source import Source

__all__ = ["PatternsQuery", "find_patterns"]

_LEAST_STEP_NS = 10_000_000_000
_BUCKETS_OF_A_WINDOW = 10  # at least, or those that it cuts through would make up too much of the answer


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
        return _at_least(self.step_ns, _LEAST_STEP_NS)


def find_patterns(
    asked: PatternsQuery,
    matchers: tuple[Matcher, ...],
    sources: Sequence[Source],
    workers: Workers,
    cancel: Cancel,
    tally: Tally,
) -> list[Pattern]:
    """The patterns of the selected lines, those of the most lines first. Raises LimitExceeded.

    The step is the next multiple of the one that was asked for that no kept bucket is longer than.
    """
    selection = Selection(partial(matches_all, matchers), asked.start_ns, asked.end_ns)
    tasks = wanted_sources(sources, selection, tally)
    kept = dict(_kept(tasks, selection))
    tally.will_read([source for order, source in tasks if order not in kept])
    buckets = Buckets(asked.start_ns, asked.end_ns, _step_ns(asked, kept))
    found: dict[int, FoundPatterns] = {}

    def find(task: tuple[int, Source]) -> None:
        order, source = task
        if order in kept:
            found[order] = kept_patterns(kept[order], selection.accepted(source), buckets)
            return
        frame = selection.frame(source)
        tally.selected(source, frame, reads_lines=True)
        found[order] = mined_patterns(frame, buckets)

    workers.run(tasks, find, cancel)
    with cancel.watching():
        return Joined([found[order] for order, _ in tasks], buckets, asked.limits).patterns()


def _kept(tasks: Iterable[tuple[int, Source]], selection: Selection) -> Iterable[tuple[int, PatternCounts]]:
    """What may answer for lines: it counts all of a bucket of which the window may have a part only."""
    window_ns = selection.end_ns - selection.start_ns
    for order, source in tasks:
        counts = source.patterns()
        if counts is None:
            continue
        if selection.covers(source) or counts.bucket_ns * _BUCKETS_OF_A_WINDOW <= window_ns:
            yield order, counts


def _step_ns(asked: PatternsQuery, kept: Mapping[int, PatternCounts]) -> int:
    longest_ns = max((counts.bucket_ns for counts in kept.values()), default=0)
    return _at_least(longest_ns, asked.whole_step_ns)


def _at_least(least: int, unit: int) -> int:
    """The first positive multiple of ``unit`` that is not less."""
    return max(-(-least // unit), 1) * unit
