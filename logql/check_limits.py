"""The limits that a query can be held to before it reads anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from logql.ast import Drop, Keep, LogRange, Matcher, Selector, walk
from logql.errors import LimitExceeded
from logql.limits import MAX_QUERY_PARTS, QueryLimits
from logql.values.go_duration import format_go_duration
from logql.values.prometheus_duration import format_prometheus_duration

__all__ = ["check_entries", "check_length", "check_limits", "check_required_labels", "checked_selector"]

_SECOND_NS = 1_000_000_000


def check_limits(expr: object, limits: QueryLimits) -> None:
    """The size of the query, the number of matchers and the length of ranges."""
    parts = sum(1 + len(node.targets) if isinstance(node, Drop | Keep) else 1 for node, _ in walk(expr))
    if parts > MAX_QUERY_PARTS:
        raise LimitExceeded(
            f"the query has too many parts: {parts} stages, filters, labels and operands, limit: {MAX_QUERY_PARTS}: "
            'ask for less at a time, or join texts in one regular expression, as in |~ "a|b"'
        )
    matchers = sum(len(node.matchers) for node, _ in walk(expr) if isinstance(node, Selector))
    _check_matchers(matchers, limits)
    longest_ns = limits.max_query_range_s * _SECOND_NS
    for log_range in _ranges(expr):
        if longest_ns and log_range.range_ns > longest_ns:
            raise LimitExceeded(
                f"[interval] value exceeds limit: [{format_prometheus_duration(log_range.range_ns)}] > "
                f"[{format_prometheus_duration(longest_ns)}]"
            )


def check_required_labels(selectors: Iterable[Sequence[Matcher]], limits: QueryLimits) -> None:
    """What every selector has to name, so that nobody reads all of everything by mistake."""
    for matchers in selectors:
        present = list(dict.fromkeys(matcher.name for matcher in matchers))
        missing = [name for name in limits.required_labels if name not in present]
        if missing:
            raise LimitExceeded(
                f"stream selector is missing required matchers [{', '.join(missing)}], "
                f"labels present in the query were [{', '.join(present)}]"
            )
        if len(present) < limits.minimum_labels_number:
            raise LimitExceeded(
                f"stream selector has less label matchers than required: (present: [{', '.join(present)}], "
                f"number_present: {len(present)}, required_number_label_matchers: {limits.minimum_labels_number})"
            )


def checked_selector(matchers: tuple[Matcher, ...], limits: QueryLimits) -> tuple[Matcher, ...]:
    """The matchers of a selector that is asked alone, if they are not too many."""
    _check_matchers(len(matchers), limits)
    return matchers


def _check_matchers(matchers: int, limits: QueryLimits) -> None:
    allowed = limits.max_streams_matchers_per_query
    if allowed and matchers > allowed:
        raise LimitExceeded(f"max streams matchers per query exceeded, matchers-count > limit ({matchers} > {allowed})")


def check_entries(limit: int, limits: QueryLimits) -> None:
    """How many entries a log query asks for."""
    allowed = limits.max_entries_limit_per_query
    if allowed and limit > allowed:
        raise LimitExceeded(
            f"max entries limit per query exceeded, limit > max_entries_limit_per_query ({limit} > {allowed})"
        )


def check_length(window_ns: int, limits: QueryLimits, expr: object | None = None) -> None:
    """The time range of a query, its longest range vector included, against ``max_query_length``."""
    reach_ns = max((log_range.range_ns for log_range in _ranges(expr)), default=0) if expr is not None else 0
    allowed_ns = limits.max_query_length_s * _SECOND_NS
    if allowed_ns and window_ns + reach_ns > allowed_ns:
        raise LimitExceeded(
            f"the query time range exceeds the limit (query length: {format_go_duration(window_ns + reach_ns)}, "
            f"limit: {format_prometheus_duration(allowed_ns)})"
        )


def _ranges(expr: object) -> Iterator[LogRange]:
    return (node for node, _ in walk(expr) if isinstance(node, LogRange))
