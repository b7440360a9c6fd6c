"""Log queries over sources, against the naive engine."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, reject, settings

from logql.ast import LogQuery
from logql.cancel import Cancel
from logql.entries.query import find_entries
from logql.errors import LimitExceeded, QueryCancelled
from logql.limits import QueryLimits
from logql.requests import Direction, RangeQuery
from logql.scan.tally import Tally
from logql.scan.workers import Workers
from logql.syntax import parse
from storage.source import BatchSource
from tests.logql.differential.datasets import dataset, segments
from tests.logql.differential.log_queries import log_query
from tests.logql.differential.strategies import seeds
from tests.logql.differential.words import BASE_NS, SECOND_NS
from tests.oracle import Unspecified
from tests.oracle import log_query as naive_log_query
from tests.storage.entries import batch_of, numbered_batch


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers(2)
    yield made
    made.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=seeds)
def test_any_query_finds_what_the_naive_engine_finds(workers: Workers, seed: int) -> None:
    random = Random(seed)
    entries, query = dataset(random), log_query(random)
    sources = [BatchSource(batch_of(each)) for each in segments(random, entries) if each]
    limit, direction = random.choice((1, 3, 100)), random.choice(list(Direction))
    interval_ns = random.choice((0, 0, 7 * SECOND_NS))
    asked = RangeQuery("", BASE_NS, BASE_NS + 60 * SECOND_NS, 1000, limit, direction, interval_ns)
    found = find_entries(query, asked, sources, workers, Cancel(), Tally())
    try:
        wanted = naive_log_query(entries, query, asked.start_ns, asked.end_ns, limit, direction, interval_ns)
    except Unspecified:
        reject()
    rows = [(entry.ts, entry.line, entry.stream, entry.metadata, entry.parsed) for entry in found]
    assert rows == [tuple(row) for row in wanted], str(query)


def asked_of(text: str, limit: int = 100) -> tuple[LogQuery, RangeQuery]:
    query = parse(text)
    assert isinstance(query, LogQuery)
    return query, RangeQuery(text, 0, 100, 1000, limit)


def test_sources_that_cannot_matter_are_not_read(workers: Workers) -> None:
    sources = [BatchSource(numbered_batch(first, 10)) for first in range(0, 200, 10)]
    query, asked = asked_of('{app="web"}', limit=5)
    alone, tally = Workers(1), Tally()
    found = find_entries(query, asked, sources, alone, Cancel(), tally)
    alone.close()
    assert [entry.ts for entry in found] == [99, 98, 97, 96, 95]
    assert (tally.stats.chunks, tally.stats.chunks_skipped) == (10, 10 + 8)  # the second is read, as five are not cut


def test_a_cancelled_query_finds_nothing_but_its_end(workers: Workers) -> None:
    cancel = Cancel()
    cancel.cancel()
    query, asked = asked_of('{app="web"}')
    with pytest.raises(QueryCancelled):
        find_entries(query, asked, [BatchSource(numbered_batch(0, 3))], workers, cancel, Tally())


def test_without_sources_there_is_nothing(workers: Workers) -> None:
    assert find_entries(*asked_of('{app="web"}'), [], workers, Cancel(), Tally()) == []


def test_the_lines_of_an_answer_stay_within_the_memory_budget(workers: Workers) -> None:
    query, _ = asked_of('{app="web"} | line_format `{{repeat 1000 "x"}}`')
    sources = [BatchSource(numbered_batch(0, 10))]
    for budget_bytes, is_enough in ((100_000, True), (10_000, False)):
        limits = QueryLimits(memory_budget_bytes=budget_bytes)
        asked = RangeQuery("", 0, 100, 1000, 100, limits=limits)
        if is_enough:
            assert len(find_entries(query, asked, sources, workers, Cancel(), Tally())) == 10
            continue
        with pytest.raises(LimitExceeded, match="for the lines that it answers; lower the limit"):
            find_entries(query, asked, sources, workers, Cancel(), Tally())
