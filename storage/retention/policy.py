"""How long the rows of a stream are kept: by the tenant's period, or by the rule that has most to say about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storage.labels import Labels

__all__ = ["FOREVER", "Retention", "RetentionRule"]

FOREVER = 0
_INT64 = np.iinfo(np.int64)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Streams that ``matches`` accepts are kept for ``period_ns``; FOREVER keeps them for good."""

    matches: Callable[[Labels], bool]
    priority: int
    period_ns: int


@dataclass(frozen=True, slots=True)
class Retention:
    """``period_ns`` is for streams without a rule. Of several rules the highest priority wins, of those the longest."""

    period_ns: int = FOREVER
    rules: tuple[RetentionRule, ...] = ()

    @property
    def keeps_everything(self) -> bool:
        return self.shortest_ns == FOREVER

    @property
    def shortest_ns(self) -> int:
        """No row expires before it; FOREVER where none ever does."""
        periods = [period for period in (self.period_ns, *(rule.period_ns for rule in self.rules)) if period != FOREVER]
        return min(periods, default=FOREVER)

    def period_of(self, labels: Labels) -> int:
        matching = [rule for rule in self.rules if rule.matches(labels)]
        if not matching:
            return self.period_ns
        top = max(rule.priority for rule in matching)
        periods = [rule.period_ns for rule in matching if rule.priority == top]
        return FOREVER if FOREVER in periods else max(periods)

    def cutoffs(self, streams: Sequence[Labels], now_ns: int) -> NDArray[np.int64]:
        """(streams,) rows with ``ts`` below it have expired; the smallest int64 where none ever does."""
        periods = [self.period_of(labels) for labels in streams]
        limits = [_INT64.min if period == FOREVER else max(now_ns - period, _INT64.min) for period in periods]
        return np.array(limits, np.int64)
