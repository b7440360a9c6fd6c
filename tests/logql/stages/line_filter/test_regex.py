"""``|~ "regex"``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.stages.line_filter.regex import regex_matcher
from logql.values.regex import compile_regex
from tests.logql.stages.line_filter.matching import marked

LINES = [
    "",
    "error",
    "KEY",
    "\u212aey",
    "\u017fet",
    "Set",
    "Error: x",
    "a\nerror",
    "an error\n",
    "ÀÉ",
    "user=42",
    "४२",
    "-",
]
# By how it is searched for: a plain text, behind a text that it requires, or on every line.
REGEXES = [
    "err",
    "",
    "err.r",
    r"r=\d+",
    "(a|e).*r",
    "^e",
    "r$",
    "(?i)ERROR",
    "(?i)a=4",
    "(?i)key",
    "(?i)x.*KEy",
    "(?i)aſ",
    "(?i)(e|a)r+",
    "(?i)x|r",
    "(?i)é",
    "a|r",
    ".+",
    "[^x]",
    r"\s",
    "e{0}",
    "x*",
]


@pytest.mark.parametrize(
    ("regex", "found"),
    [
        ("error", ["error", "a\nerror", "an error\n"]),
        ("^error$", ["error"]),
        ("(?m)^error$", ["error", "a\nerror"]),
        ("error$", ["error", "a\nerror"]),  # $ is the text's end, not before a last newline
        ("a.e", []),  # . is no newline
        ("(?s)a.e", ["a\nerror"]),
        ("(?i)àé", ["ÀÉ"]),
        ("(?i)key", ["KEY", "\u212aey"]),  # the Kelvin sign
        ("(?i)SE(t|T)", ["\u017fet", "Set"]),
        ("(?i)ERROR", ["error", "Error: x", "a\nerror", "an error\n"]),
        ("(?i)user=[0-9]", ["user=42"]),
        (r"\d+", ["user=42"]),  # ASCII only
        ("", LINES),
        (".*", LINES),
        (".+", [line for line in LINES if line]),
        ("nothing", []),
        ("user=(4|5)", ["user=42"]),
    ],
)
def test_a_match_anywhere(regex: str, found: list[str]) -> None:
    assert marked(regex_matcher(regex), LINES) == found


@given(regex=st.sampled_from(REGEXES), lines=st.lists(st.text("aeErR=4 XkKyY\u212a\u017fÉ\n", max_size=7), max_size=12))
def test_it_is_re2_however_it_is_searched_for(regex: str, lines: list[str]) -> None:
    compiled = compile_regex(regex)
    assert marked(regex_matcher(regex), lines) == [line for line in lines if compiled.search(line) is not None]


@pytest.mark.parametrize("share", [1, 3, 50])
def test_few_and_many_lines_with_the_required_text_come_to_the_same(share: int) -> None:
    lines = [f"took {n}ms" if n % share == 0 else f"took {n}s" if n % 2 else f"{n}ms" for n in range(200)]
    compiled = compile_regex(r"took \d*[02468]ms")
    assert marked(regex_matcher(r"took \d*[02468]ms"), lines) == [line for line in lines if compiled.search(line)]
