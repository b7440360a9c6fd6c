"""``blocked_queries``: what is written is read, what is shown reads back, mistakes are named."""

from __future__ import annotations

from typing import Any

import pytest

from logql.blocked import BlockedQuery, QueryType
from server.config.blocked import BLOCKED_QUERIES


@pytest.mark.parametrize(
    ("raw", "blocked"),
    [
        (None, ()),
        ("", ()),
        ([], ()),
        ([{"pattern": '{app="x"}'}], (BlockedQuery('{app="x"}'),)),
        ([{"pattern": ".*", "regex": "true"}], (BlockedQuery(".*", regex=True),)),
        ([{"types": "metric"}], (BlockedQuery(types=(QueryType.METRIC,)),)),
        (
            [{"hash": "2943214005", "types": "filter,limited"}],
            (BlockedQuery(types=(QueryType.FILTER, QueryType.LIMITED), hash=2943214005),),
        ),
        ('[{"types": ["limited"]}]', (BlockedQuery(types=(QueryType.LIMITED,)),)),
    ],
)
def test_what_is_written_is_read_and_what_is_shown_reads_back(raw: Any, blocked: tuple[BlockedQuery, ...]) -> None:
    assert BLOCKED_QUERIES.read(raw) == blocked
    assert BLOCKED_QUERIES.read(BLOCKED_QUERIES.show(blocked)) == blocked


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({}, "is not a list"),
        ("{", "is not JSON"),
        (["all"], "says nothing of a query"),
        ([{"text": "x"}], "says nothing of a query"),
        ([{}], "would block every query"),
        ([{"regex": True}], "would block every query"),
        ([{"pattern": "(", "regex": True}], "the pattern '\\(' is wrong: error parsing regexp: missing closing"),
        ([{"types": "series"}], "'series' is none of metric, filter, limited"),
        ([{"hash": -1}], "-1 is out of range: 0 to 4294967295"),
        ([{"pattern": ["a"]}], "is not a text"),
    ],
)
def test_mistakes_are_named(raw: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        BLOCKED_QUERIES.read(raw)
