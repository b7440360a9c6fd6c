"""Queries that would read too much, or whose selectors name too little, are refused before they read anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from logql.cancel import Cancel
from logql.errors import LimitExceeded
from logql.limits import QueryLimits
from logql.patterns import PatternsQuery
from logql.requests import InstantQuery, RangeQuery
from tests.logql.engine_case import TENANT, EngineCase, seconds

LINE_BYTES = 100
MUCH = "the query would read too many bytes"
LARGE = "query too large to execute on a single querier:"
MISSING = "stream selector is missing required matchers"


@pytest.fixture(name="case", scope="module")
def fixture_case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineCase]:
    """Of each of two streams 20 lines in a part and 20 in memory."""
    with EngineCase(tmp_path_factory.mktemp("reading")) as case:
        for start in (0, 100):
            for app in ("web", "db"):
                case.push({"app": app, "env": "x"}, [(start + i, f"{i:0{LINE_BYTES}d}") for i in range(20)])
            if not start:
                case.database.flush()
        yield case


def ask(case: EngineCase, text: str, limits: QueryLimits, start: float = 0, end: float = 200) -> None:
    asked = RangeQuery(text, seconds(start), seconds(end), 10_000, limits=limits)
    case.engine.range(TENANT, asked, Cancel())


READS = ['{app=~".+"}', '{app=~".+"} |= "7"', 'count_over_time({app=~".+"} |= "7" [10s])']


@pytest.mark.parametrize("text", READS)
@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (QueryLimits(max_query_bytes_read=7999), f"{MUCH} (query: 7.8 KiB, limit: 7.8 KiB); consider adding"),
        (QueryLimits(max_querier_bytes_read=10), f"{LARGE} (query: 7.8 KiB, limit: 10 B); consider adding"),
        (QueryLimits(max_chunks_per_query=1), "the query hit the max number of chunks limit (limit: 1 chunks)"),
    ],
)
def test_what_would_be_read_is_limited(case: EngineCase, text: str, limits: QueryLimits, told: str) -> None:
    with pytest.raises(LimitExceeded) as refused:
        ask(case, text, limits)
    assert str(refused.value).startswith(told)
    ask(case, text, QueryLimits(max_query_bytes_read=8000, max_querier_bytes_read=8000, max_chunks_per_query=10))
    ask(case, text, QueryLimits(max_query_bytes_read=0, max_querier_bytes_read=0, max_chunks_per_query=0))


def test_all_legs_of_a_query_count(case: EngineCase) -> None:
    limits = QueryLimits(max_query_bytes_read=12_000)
    ask(case, 'count_over_time({app=~".+"} |= "7" [10s])', limits)
    with pytest.raises(LimitExceeded, match="query: 16 KiB"):
        ask(case, 'count_over_time({app=~".+"} |= "7" [10s]) / count_over_time({app=~".+"} |= "8" [10s])', limits)


def test_what_time_leaves_out_does_not_count(case: EngineCase) -> None:
    ask(case, '{app=~".+"} |= "7"', QueryLimits(max_query_bytes_read=4000), start=100)


SELECTORS = QueryLimits(required_labels=("env", "team"), minimum_labels_number=0)


@pytest.mark.parametrize(
    "text", ['{{{}}} |= "x"', "sum(rate({{{}}}[5m]))", 'rate({{env="x",team="y"}}[5m]) / rate({{{}}}[5m])']
)
def test_labels_that_a_selector_has_to_name(case: EngineCase, text: str) -> None:
    for given, told in [
        ('app="web"', f"{MISSING} [env, team], labels present in the query were [app]"),
        ('env="x",app="a"', f"{MISSING} [team], labels present in the query were [env, app]"),
    ]:
        with pytest.raises(LimitExceeded) as refused:
            ask(case, text.format(given), SELECTORS)
        assert str(refused.value) == told
    ask(case, text.format('env=~".*",team="y"'), SELECTORS)


def test_how_many_labels_a_selector_has_to_name(case: EngineCase) -> None:
    limits = QueryLimits(minimum_labels_number=2)
    with pytest.raises(LimitExceeded) as refused:
        ask(case, '{app="web",app!="db"}', limits)
    assert str(refused.value) == (
        "stream selector has less label matchers than required: (present: [app], "
        "number_present: 1, required_number_label_matchers: 2)"
    )
    ask(case, '{app="web",env="x"}', limits)


def test_instants_are_free_of_it_and_patterns_are_not(case: EngineCase) -> None:
    instant = InstantQuery('sum(rate({app="web"}[5m]))', seconds(10), SELECTORS)
    case.engine.instant(TENANT, instant, Cancel())
    patterns = PatternsQuery('{app="web"}', seconds(0), seconds(200), 10**9, SELECTORS)
    with pytest.raises(LimitExceeded, match="missing required matchers"):
        case.engine.patterns(TENANT, patterns, Cancel())
    limits = replace(QueryLimits(), max_query_bytes_read=10)
    with pytest.raises(LimitExceeded, match="too many bytes"):
        case.engine.patterns(TENANT, replace(patterns, limits=limits), Cancel())
