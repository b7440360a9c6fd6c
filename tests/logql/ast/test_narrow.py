"""A narrowed query has the matchers in every selector, and is otherwise the same."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from logql.ast import LogQuery, Matcher, MatchOp, Selector, narrowed, walk
from logql.syntax import parse
from tests.logql.differential.log_queries import log_query
from tests.logql.differential.metric_queries import metric_query

SCOPE = (Matcher("team", MatchOp.EQ, "red"), Matcher("env", MatchOp.NRE, "d.*"))


@given(st.integers(0, 2**32))
def test_every_selector_gets_them_and_nothing_else_changes(seed: int) -> None:
    random = Random(seed)
    query = parse(str(random.choice([log_query, metric_query])(random)))
    narrow = narrowed(query, SCOPE)
    selectors = [node for node, _ in walk(narrow) if isinstance(node, Selector)]
    before = [node for node, _ in walk(query) if isinstance(node, Selector)]
    assert [node.matchers for node in selectors] == [(*node.matchers, *SCOPE) for node in before]
    assert parse(str(narrow)) == narrow
    assert str(narrow).replace(', team="red", env!~"d.*"}', "}") == str(query)
    assert isinstance(narrow, LogQuery) == isinstance(query, LogQuery)
