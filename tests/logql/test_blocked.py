"""Which queries an operator's words block."""

from __future__ import annotations

import pytest

from logql.blocked import BlockedQuery, QueryType, check_blocked, query_hash, query_type
from logql.errors import QueryBlocked
from logql.syntax import parse

LIMITED = '{stream="stdout",pod="loki-canary-9w49x"}'
FILTER = '{app="web", env="prod"} |= "x"'
METRIC = 'sum(rate({env="prod"}[1m]))'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LIMITED, "limited"),
        ('{app="web"} | json', "limited"),
        ('{app="web"} |= ""', "limited"),
        ('{app="web"} |~ "" | logfmt', "limited"),
        (FILTER, "filter"),
        ('{app="web"} != ""', "filter"),
        ('{app="web"} |= "" or "x"', "filter"),
        ('{app="web"} | json | level="error"', "filter"),
        ('{app="web"} | logfmt | took > 1s or size > 2', "filter"),
        ('{app="web"} |> "<_> failed"', "filter"),
        (METRIC, "metric"),
        ("vector(1)", "metric"),
        ('count_over_time({app="web"} |= "x" [1m]) > 2', "metric"),
    ],
)
def test_types(text: str, kind: str) -> None:
    assert query_type(parse(text)) == kind


@pytest.mark.parametrize(("text", "found"), [("", 2166136261), (LIMITED, 2943214005), ("é", query_hash("\u00e9"))])
def test_hashes(text: str, found: int) -> None:
    assert query_hash(text) == found


@pytest.mark.parametrize(
    ("blocked", "texts"),
    [
        (BlockedQuery(METRIC), {METRIC}),
        (BlockedQuery(f" {METRIC}\n"), {METRIC}),
        (BlockedQuery("rate"), set()),
        (BlockedQuery(".*prod.*"), set()),
        (BlockedQuery(".*prod.*", regex=True), {METRIC, FILTER}),
        (BlockedQuery("prod", regex=True), {METRIC, FILTER}),
        (BlockedQuery("^prod", regex=True), set()),
        (BlockedQuery("prod", regex=True, types=(QueryType.FILTER, QueryType.LIMITED)), {FILTER}),
        (BlockedQuery(types=(QueryType.METRIC,)), {METRIC}),
        (BlockedQuery(types=(QueryType.LIMITED,)), {LIMITED}),
        (BlockedQuery(hash=2943214005), {LIMITED}),
        (BlockedQuery(hash=2943214005, types=(QueryType.METRIC,)), set()),
        (BlockedQuery(METRIC, hash=2943214005), set()),
    ],
)
def test_all_that_is_given_must_hold(blocked: BlockedQuery, texts: set[str]) -> None:
    refused = set()
    for text in (LIMITED, FILTER, METRIC):
        try:
            check_blocked(parse(text), text, [BlockedQuery("other"), blocked])
        except QueryBlocked:
            refused.add(text)
    assert refused == texts
