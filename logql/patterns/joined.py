"""Patterns of many sources as one answer: templates that are alike become one, as lines do that are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from logql.cancel import check_query
from logql.limits import QueryLimits
from logql.patterns.found import FoundPatterns
from logql.patterns.template import Templates, pattern_of, read_template
from logql.samples.budget import MemoryBudget
from logql.scan.sizes import Buckets

__all__ = ["Joined", "Pattern"]

_MOST_PATTERNS = 500  # as many as are ever shown
_CELL_BYTES = 8

Lines = dict[tuple[str, str], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """``samples``: (seconds, lines) at each multiple of the step from which on, up to the next, there are lines."""

    text: str
    level: str
    samples: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        return sum(lines for _, lines in self.samples)


class Joined:
    """The answer does not depend on the order of ``found``."""

    def __init__(self, found: Sequence[FoundPatterns], buckets: Buckets, limits: QueryLimits) -> None:
        self._found, self._buckets = found, buckets
        self._budget = MemoryBudget(limits.memory_budget_bytes)

    def patterns(self) -> list[Pattern]:
        """Those of the most lines first. Raises LimitExceeded."""
        lines = self._lines(_texts(self._found))
        totals = Counter[str]()
        for (text, _), counts in lines.items():
            totals[text] += int(counts.sum())
        shown = sorted(totals, key=lambda text: (-totals[text], text))[:_MOST_PATTERNS]
        kept = set(shown)
        answer = (Pattern(text, level, self._samples(own)) for (text, level), own in lines.items() if text in kept)
        return sorted(answer, key=lambda pattern: (-pattern.count, pattern.text, pattern.level))

    def _lines(self, texts: dict[str, str]) -> Lines:
        """(buckets,) of each pattern and level."""
        lines: Lines = {}
        for found in self._found:
            check_query()
            kind = found.pattern * len(found.levels) + found.level
            starts = np.flatnonzero(np.diff(kind, prepend=-1)).tolist()
            for start, stop in pairwise([*starts, len(kind)]):
                text = texts.get(found.written[found.pattern[start]])
                if text is not None:
                    own = self._row(lines, (text, found.levels[found.level[start]]))
                    own[found.bucket[start:stop]] += found.lines[start:stop]
        return lines

    def _row(self, lines: Lines, key: tuple[str, str]) -> NDArray[np.int64]:
        if key not in lines:
            self._budget.reserve(_CELL_BYTES * len(self._buckets), "patterns by level and time", "enlarge the step")
            lines[key] = np.zeros(len(self._buckets), np.int64)
        return lines[key]

    def _samples(self, lines: NDArray[np.int64]) -> tuple[tuple[int, int], ...]:
        return tuple((self._buckets.start_s(bucket), int(lines[bucket])) for bucket in np.flatnonzero(lines).tolist())


def _texts(found: Iterable[FoundPatterns]) -> dict[str, str]:
    """The pattern that stands for each template that was written down; none for one that says nothing beside others."""
    totals = Counter[str]()
    for each in found:
        lines = np.bincount(each.pattern, each.lines, len(each.written)).tolist()
        for written, count in zip(each.written, lines, strict=True):
            totals[written] += int(count)
    templates, joined = Templates(), {}
    for written in sorted(totals, key=lambda written: (-totals[written], written)):
        check_query()
        joined[written], _ = templates.learn(*read_template(written))
    return {
        written: pattern_of(written if template is None else template.written)
        for written, template in joined.items()
        if template is None or template.says_something
    }
