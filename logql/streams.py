"""Which streams a selector selects."""

from __future__ import annotations

from collections.abc import Callable

from logql.ast import Matcher, Selector
from storage.labels import Labels

__all__ = ["matches_all", "stream_matcher"]


def stream_matcher(selector: Selector) -> Callable[[Labels], bool]:
    return lambda labels: matches_all(selector.matchers, labels)


def matches_all(matchers: tuple[Matcher, ...], labels: Labels) -> bool:
    """Whether the label set passes every matcher; a missing label is the empty value."""
    return all(matcher.matches(labels.get(matcher.name, "")) for matcher in matchers)
