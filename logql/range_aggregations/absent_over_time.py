"""``absent_over_time``: 1 where the window holds nothing, under the labels that the selector is sure of."""

from __future__ import annotations

from collections import Counter

from logql.ast import MatchOp, Selector
from storage.labels import Labels

__all__ = ["absent_labels"]


def absent_labels(selector: Selector) -> Labels:
    """What ``=`` says of the names that no other matcher speaks of."""
    mentions = Counter(matcher.name for matcher in selector.matchers)
    sure = (each for each in selector.matchers if each.op is MatchOp.EQ and mentions[each.name] == 1)
    return Labels((matcher.name, matcher.value) for matcher in sure)
