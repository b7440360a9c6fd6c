"""The engine: text in, answer out. One for all tenants; every call names the tenant whose rows it may see, or several
as ``a|b``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from typing import TypeVar

from logql.answers import instant_answer, range_answer
from logql.ast import (
    Expr,
    LogQuery,
    Matcher,
    MetricExpr,
    Selector,
    Variants,
    VectorAggregation,
    VectorAggregationFunction,
    narrowed,
    walk,
)
from logql.blocked import check_blocked
from logql.cancel import Cancel
from logql.catalogue import label_names, label_values, series_of
from logql.check_limits import check_entries, check_length, check_limits, check_required_labels, checked_selector
from logql.detected import DetectedLabel, Field, FieldsQuery, detected_fields, detected_labels, field_values
from logql.entries.query import find_entries
from logql.errors import QueryError
from logql.evaluate import Context, evaluate, final_aggregation
from logql.evaluate.variants import rewritten
from logql.explain import Plan, explain_entries, explain_metric
from logql.index_stats import IndexStats, index_stats
from logql.limits import QueryLimits
from logql.patterns import Pattern, PatternsQuery, find_patterns
from logql.requests import InstantQuery, RangeQuery
from logql.results import Answer, Entry, Streams
from logql.samples.budget import MemoryBudget
from logql.samples.grid import Grid
from logql.samples.series_set import SeriesSet
from logql.scan.selection import Selection
from logql.scan.tally import Tally
from logql.scan.workers import Workers
from logql.streams import matches_all
from logql.syntax import parse, parse_selector
from logql.syntax.validate import validate
from logql.tail import Tail, TailQuery
from logql.tenants import TENANT_LABEL, is_joined, reading_all
from logql.volume import VolumeQuery, volume
from storage.database import Database
from storage.labels import Labels
from storage.source import Source
from storage.stores import metering

__all__ = ["Engine"]

T = TypeVar("T")
Asked = TypeVar("Asked", RangeQuery, InstantQuery)
# Reads things off sampled entries: at most so many, within a budget.
Detect = Callable[[Sequence[Entry], int, MemoryBudget], list[T]]


class Engine:
    """Thread-safe; ``close`` ends its worker threads. Calls raise QueryError."""

    def __init__(self, database: Database, workers: int | None = None) -> None:
        self._database = database
        self._workers = Workers(workers)
        self._scope: tuple[Matcher, ...] = ()

    def within(self, matchers: tuple[Matcher, ...]) -> Engine:
        """The same engine for somebody who sees only streams that pass ``matchers``, whatever is asked."""
        narrow = copy(self)
        narrow._scope = (*self._scope, *matchers)
        return narrow

    def close(self) -> None:
        self._workers.close()

    def range(self, tenant: str, asked: RangeQuery, cancel: Cancel) -> Answer:
        """A log query over [start, end), or a metric query on the grid of its step."""
        began_s = time.perf_counter()
        cancel.expire_after(asked.limits.query_timeout_s)
        expr = self._parsed(asked.text, asked.limits)
        check_blocked(expr, asked.text, asked.limits.blocked_queries)
        check_required_labels(_selectors(expr), asked.limits)
        tally = Tally(asked.limits)
        if isinstance(expr, LogQuery):
            _check_log_query(asked)
            with reading_all(self._database, tenant) as sources, metering(tally.meter):
                data = Streams(find_entries(expr, asked, sources, self._workers, cancel, tally))
            return _finished(Answer(data, tally.stats), began_s, len(data.entries))
        grid = _checked_grid(expr, asked)
        value, warnings = self._evaluate(tenant, expr, grid, asked, cancel, tally)
        answer = range_answer(value, grid, _answered(asked, expr), tally.stats, warnings)
        return _finished(answer, began_s, _series_count(value))

    def explain(self, tenant: str, asked: RangeQuery) -> Plan:
        """What ``range`` would do, with the same refusals; no row is read."""
        expr = self._parsed(asked.text, asked.limits)
        if isinstance(expr, LogQuery):
            _check_log_query(asked)
            with reading_all(self._database, tenant) as sources:
                return explain_entries(expr, asked, sources)
        grid = _checked_grid(expr, asked)
        with reading_all(self._database, tenant) as sources:
            return explain_metric(expr, self._context(sources, expr, grid, asked, Cancel(), Tally(asked.limits)))

    def instant(self, tenant: str, asked: InstantQuery, cancel: Cancel) -> Answer:
        """A metric query at one instant."""
        began_s = time.perf_counter()
        cancel.expire_after(asked.limits.query_timeout_s)
        expr = self._parsed(asked.text, asked.limits)
        check_blocked(expr, asked.text, asked.limits.blocked_queries)
        if isinstance(expr, LogQuery):
            raise QueryError(
                "log queries are not supported as an instant query type, please change your query to a range query type"
            )
        check_length(0, asked.limits, expr)
        tally = Tally(asked.limits)
        grid = Grid.instant(asked.time_ns)
        value, warnings = self._evaluate(tenant, expr, grid, asked, cancel, tally)
        answer = instant_answer(value, grid, _answered(asked, expr), tally.stats, warnings, keeps_order=_sorts(expr))
        return _finished(answer, began_s, _series_count(value))

    def tail(self, tenant: str, asked: TailQuery, wake: Callable[[], None]) -> Tail:
        """A log query that goes on; nothing is read or followed before its ``history``."""
        expr = self._parsed(asked.text, asked.limits)
        if not isinstance(expr, LogQuery):
            raise QueryError("only log selector is supported")
        check_entries(asked.limit, asked.limits)
        check_length(asked.now_ns - asked.start_ns, asked.limits)
        return Tail(self._database, self._workers, tenant, expr, asked, wake)

    def label_names(self, tenant: str, start_ns: int, end_ns: int, selector: str | None) -> list[str]:
        """Names of stream labels, sorted."""
        return label_names(self._series(tenant, start_ns, end_ns, [selector] if selector else []))

    def label_values(self, tenant: str, name: str, start_ns: int, end_ns: int, selector: str | None) -> list[str]:
        """Values of one stream label, sorted."""
        return label_values(name, self._series(tenant, start_ns, end_ns, [selector] if selector else []))

    def series(self, tenant: str, start_ns: int, end_ns: int, selectors: Sequence[str]) -> list[Labels]:
        """Streams that any of the selectors selects (all without one), sorted by their text."""
        if len(selectors) == 1 and not parse_selector(selectors[0], allow_empty=True):
            selectors = ()
        return self._series(tenant, start_ns, end_ns, selectors)

    def index_stats(
        self, tenant: str, selector: str, start_ns: int, end_ns: int, limits: QueryLimits, cancel: Cancel
    ) -> IndexStats:
        """How much a selector selects in [start_ns, end_ns)."""
        cancel.expire_after(limits.query_timeout_s)
        matchers = checked_selector(parse_selector(selector), limits)
        selection = Selection(partial(matches_all, (*matchers, *self._scope)), start_ns, end_ns)
        with reading_all(self._database, tenant) as sources:
            return index_stats(sources, selection, self._workers, cancel)

    def volume(self, tenant: str, asked: VolumeQuery, cancel: Cancel) -> Answer:
        """Bytes of lines by label values or names, in [start_ns, end_ns)."""
        began_s = time.perf_counter()
        cancel.expire_after(asked.limits.query_timeout_s)
        matchers = checked_selector(parse_selector(asked.selector, allow_empty=True), asked.limits)
        tally = Tally(asked.limits)
        with reading_all(self._database, tenant) as sources, metering(tally.meter):
            data = volume(asked, matchers, sources, self._workers, cancel, tally, self._scope, _unshown(tenant))
        return _finished(Answer(data, tally.stats), began_s, len(data))

    def detected_labels(self, tenant: str, start_ns: int, end_ns: int, selector: str | None) -> list[DetectedLabel]:
        """Stream labels that are worth browsing, with how many values each has."""
        found = detected_labels(self._series(tenant, start_ns, end_ns, [selector] if selector else []))
        return [label for label in found if label.name not in _unshown(tenant)]

    def detected_fields(self, tenant: str, asked: FieldsQuery, cancel: Cancel) -> list[Field]:
        """The fields that the newest lines of a log query have."""
        return self._detect(tenant, asked, cancel, detected_fields)

    def field_values(self, tenant: str, name: str, asked: FieldsQuery, cancel: Cancel) -> list[str]:
        """The values of one field in the newest lines of a log query."""
        return self._detect(tenant, asked, cancel, partial(field_values, name))

    def patterns(self, tenant: str, asked: PatternsQuery, cancel: Cancel) -> list[Pattern]:
        """What the lines of a selector look like, in [start_ns, end_ns)."""
        cancel.expire_after(asked.limits.query_timeout_s)
        matchers = (*checked_selector(parse_selector(asked.selector), asked.limits), *self._scope)
        check_required_labels([matchers], asked.limits)
        with reading_all(self._database, tenant) as sources:
            return find_patterns(asked, matchers, sources, self._workers, cancel, Tally(asked.limits))

    def _detect(self, tenant: str, asked: FieldsQuery, cancel: Cancel, detect: Detect[T]) -> list[T]:
        cancel.expire_after(asked.limits.query_timeout_s)
        sampling = asked.sampling()
        expr = self._parsed(asked.text, asked.limits)
        if not isinstance(expr, LogQuery):
            raise QueryError("only log selector is supported")
        _check_log_query(sampling)
        with reading_all(self._database, tenant) as sources:
            entries = find_entries(expr, sampling, sources, self._workers, cancel, Tally(asked.limits))
        with cancel.watching():
            return detect(entries, asked.limit, MemoryBudget(asked.limits.memory_budget_bytes))

    def _series(self, tenant: str, start_ns: int, end_ns: int, selectors: Sequence[str]) -> list[Labels]:
        groups = [(*parse_selector(selector), *self._scope) for selector in selectors]
        if self._scope and not groups:
            groups = [self._scope]
        with reading_all(self._database, tenant) as sources:
            return series_of(sources, start_ns, end_ns, groups)

    def _parsed(self, text: str, limits: QueryLimits) -> Expr:
        expr = _parsed(text, limits)
        return narrowed(expr, self._scope) if self._scope else expr

    def _evaluate(
        self,
        tenant: str,
        expr: MetricExpr | Variants,
        grid: Grid,
        asked: RangeQuery | InstantQuery,
        cancel: Cancel,
        tally: Tally,
    ) -> tuple[SeriesSet | float, Sequence[str]]:
        """The value, and what the answer has to warn of."""
        with reading_all(self._database, tenant) as sources, metering(tally.meter):
            context = self._context(sources, expr, grid, asked, cancel, tally)
            return evaluate(expr, context), context.warnings

    def _context(
        self,
        sources: Sequence[Source],
        expr: MetricExpr | Variants,
        grid: Grid,
        asked: RangeQuery | InstantQuery,
        cancel: Cancel,
        tally: Tally,
    ) -> Context:
        budget = MemoryBudget(asked.limits.memory_budget_bytes)
        max_series = 0 if asked.partial_series else asked.limits.max_query_series
        final = final_aggregation(expr)
        seen = replace(grid, oldest_ns=asked.oldest_ns)
        return Context(sources, seen, self._workers, cancel, tally, budget, final, max_series)


def _parsed(text: str, limits: QueryLimits) -> Expr:
    """Ready to be executed, and within the limits that its text can be held to."""
    expr = parse(text)
    validate(expr)
    if isinstance(expr, Variants):
        if not limits.enable_multi_variant_queries:
            raise QueryError("multi variant queries are disabled for this instance")
        expr = rewritten(expr)
    check_limits(expr, limits)
    return expr


def _unshown(tenant: str) -> frozenset[str]:
    """Labels that answers about all streams together leave out."""
    return frozenset({TENANT_LABEL}) if is_joined(tenant) else frozenset()


def _answered(asked: Asked, expr: MetricExpr | Variants) -> Asked:
    """Variants have been held to the series limit one by one."""
    if not isinstance(expr, Variants) or asked.partial_series:
        return asked
    return replace(asked, limits=replace(asked.limits, max_query_series=0))


def _selectors(expr: Expr) -> Iterator[tuple[Matcher, ...]]:
    return (node.matchers for node, _ in walk(expr) if isinstance(node, Selector))


def _check_log_query(asked: RangeQuery) -> None:
    check_entries(asked.limit, asked.limits)
    check_length(asked.end_ns - asked.start_ns, asked.limits)


def _checked_grid(expr: MetricExpr | Variants, asked: RangeQuery) -> Grid:
    grid = Grid.aligned(asked.start_ns, asked.end_ns, asked.step_ms * 1_000_000)
    check_length(grid.end_ns - grid.start_ns, asked.limits, expr)
    return grid


def _sorts(expr: MetricExpr | Variants) -> bool:
    """Whether the order of series that the expression makes is the one to answer."""
    sorts = (VectorAggregationFunction.SORT, VectorAggregationFunction.SORT_DESC)
    return any(isinstance(node, VectorAggregation) and node.function in sorts for node, _ in walk(expr))


def _series_count(value: SeriesSet | float) -> int:
    return len(value) if isinstance(value, SeriesSet) else 1


def _finished(answer: Answer, began_s: float, returned: int) -> Answer:
    answer.stats.exec_time_s = time.perf_counter() - began_s
    answer.stats.entries_returned = returned
    return answer
