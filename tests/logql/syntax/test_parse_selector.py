"""Selectors alone, as the label endpoints take them."""

from __future__ import annotations

import re

import pytest

from logql.ast import Matcher, MatchOp
from logql.errors import ParseError, QueryError
from logql.syntax import parse_selector


@pytest.mark.parametrize("text", ['{a="b", c!~"d"}', ' { a = "b" , c !~ "d" } # x', '({a="b", c!~"d"})'])
def test_a_selector_gives_its_matchers(text: str) -> None:
    assert parse_selector(text) == (Matcher("a", MatchOp.EQ, "b"), Matcher("c", MatchOp.NRE, "d"))


@pytest.mark.parametrize("text", ['{a="b"} |= "x"', '{a="b"} | json', 'rate({a="b"}[5m])', "1", "vector(1)"])
def test_other_queries_are_refused(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_selector(text)
    assert str(caught.value) == "only label matchers are supported"
    assert not isinstance(caught.value, ParseError)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{bad", "at line 1, col 5: syntax error: unexpected $end, expecting = or =~ or !~ or !="),
        ('{a!="b"}', "queries require at least one"),
        ("{}", "queries require at least one"),
        ('{a=~"("}', "error parsing regexp"),
        ("", "unexpected $end"),
    ],
)
def test_broken_selectors_are_refused(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=re.escape(message)):
        parse_selector(text)


def test_an_empty_selector_is_taken_only_where_asked_for() -> None:
    assert parse_selector("{}", allow_empty=True) == ()
    for text in ('{a=""}', '{} |= "x"', ""):
        with pytest.raises(ParseError):
            parse_selector(text, allow_empty=True)
