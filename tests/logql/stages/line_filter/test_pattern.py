"""``|> "text <_> text"``: section 5.2 of the language page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.errors import ParseError
from logql.stages.line_filter.pattern import pattern_matcher
from tests.logql.frames import stage_of
from tests.logql.stages.line_filter.matching import marked

LINES = ["GET /a 200", "GET", "  GET /x  200 ", "foo bar baz", ""]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("GET", ["GET"]),
        ("GET <_>", ["GET /a 200", "  GET /x  200 "]),
        ("<_>GET<_>", ["  GET /x  200 "]),
        ("foo <_> baz", ["foo bar baz"]),
        ("foo <_>", ["foo bar baz"]),
        ("<_> bar", []),
        ("foo <_> bar <_>", []),
        ("<_>", [line for line in LINES if line]),
        ("", [""]),
    ],
)
def test_the_table_of_the_language_page(pattern: str, found: list[str]) -> None:
    assert marked(pattern_matcher(pattern), LINES) == found


@pytest.mark.parametrize(
    ("pattern", "line", "does_match"),
    [
        ("a<_>b", "a-b", True),
        ("a<_>b", "ab", False),  # a gap is a byte or more
        ("a<_>b", "abb", False),  # the first b is taken, there is no way back
        ("a<_>b", "a-b-", False),
        ("<_>é", "xé", True),
        ("<_>é", "é", False),
        ("<<_>>", "<x>", True),
        ("<", "x<", True),
        ("a<_>", "a\n", True),
    ],
)
def test_gaps_and_literals(pattern: str, line: str, does_match: bool) -> None:
    assert marked(pattern_matcher(pattern), [line]) == [line] * does_match


@given(lines=st.lists(st.text("ab", max_size=5), max_size=6), word=st.text("ab", min_size=1, max_size=2))
def test_a_literal_alone_is_the_end_of_the_line_at_its_first_place(lines: list[str], word: str) -> None:
    found = [line for line in lines if word in line and line.index(word) + len(word) == len(line)]
    assert marked(pattern_matcher(word), lines) == found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("<foo> x", "named captures are not allowed: found '<foo>'"),
        ("<_><_>", "found consecutive capture '<_><_>': invalid expression"),
    ],
)
def test_captures_with_names_and_gaps_side_by_side_are_refused(pattern: str, text: str) -> None:
    with pytest.raises(ParseError) as raised:
        stage_of(f'|> "{pattern}"')
    assert text in str(raised.value)
