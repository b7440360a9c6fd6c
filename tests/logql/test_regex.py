"""What a regex requires of the texts it matches; RE2 decides what it matches."""

from __future__ import annotations

import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from logql.regex import required_in_any_case, required_text
from logql.values.regex import compile_regex

LITERALS = st.sampled_from(["a", "b", "ab", "abc", " ", "é", "-", ",", "2", "]", "}", "\0", "\n", "{", "{,2}", "{b"])
ESCAPES = st.sampled_from(
    [
        *(r"\.", r"\\", r"\[", r"\]", r"\(", r"\)", r"\{", r"\|", r"\*", r"\d", r"\w", r"\s", r"\b", r"\n", r"\x61"),
        *(r"\pL", r"\x{62}", r"\Qa.b\E", r"\Qa*\E", r"\A", r"\z", r"\141", r"\P{Greek}", r"\-"),
    ]
)
CLASSES = st.sampled_from(
    [
        *("[ab]", "[^a]", "[]a]", "[^]]", "[a-c]", "[[:alpha:]]", "[^[:digit:]b]", r"[\]a]", r"[\d-]", "[(]", "[)a]"),
        *("[|]", "[a|b]", "[[]", "[*]", "[:a]", r"[\\]", "[{]", "[a[:digit:]]", "[^]a[:space:]]"),
    ]
)
ANCHORS = st.sampled_from(["^", "$", ".", ".*", ".+"])
OPENINGS = st.sampled_from(["(", "(?:", "(?i:", "(?P<n>", "(?s:", "(?i)(", "(?U)("])
REPEATS = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{0,1}", "{1,}", "{0}", "{0,}", "{2,3}?"])


def _bigger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds(lambda opening, body: f"{opening}{body})", OPENINGS, inner)
    repeat = st.builds(lambda body, times: body + times, inner, REPEATS)
    alternation = st.builds(lambda left, right: f"{left}|{right}", inner, inner)
    return group | repeat | alternation | st.lists(inner, min_size=2, max_size=4).map("".join)


REGEXES = st.recursive(LITERALS | ESCAPES | CLASSES | ANCHORS, _bigger, max_leaves=8)
LINES = st.lists(st.sampled_from([*"abcé.]()[*|-2 {},\\\nAB\0", "ab", "abc", "{,2}"]), max_size=8).map("".join)


def check(regex: str, line: str) -> None:
    required = required_text(regex)
    matches = compile_regex(regex).search(line.encode()) is not None
    if matches:
        assert required.text in line, (regex, line, required)
    if required.is_whole:
        assert matches == (required.text in line), (regex, line, required)
    event("matches" if matches else "does not match")


def is_valid(regex: str) -> bool:
    try:
        compile_regex(regex)
    except ValueError:
        return False
    return True


@given(regex=REGEXES, lines=st.lists(LINES, min_size=3, max_size=12))
@example(regex="ab{0}c", lines=["ac"])
@example(regex="(ab)?c", lines=["c"])
@example(regex="(?i)ab", lines=["AB"])
@example(regex="a(?i)b", lines=["aB"])
@example(regex="é*a", lines=["a"])
@example(regex=r"[\]|]ab|c", lines=["c"])
@example(regex="a(b|c)|d", lines=["d"])
@example(regex="[[:alpha:]|]x|y", lines=["y"])
@example(regex="a]|b", lines=["b"])
def test_a_line_that_matches_contains_what_the_regex_requires(regex: str, lines: list[str]) -> None:
    assume(is_valid(regex))
    for line in lines:
        check(regex, line)


@given(regex=REGEXES, lines=st.lists(LINES, min_size=3, max_size=12))
@example(regex="ab", lines=["AB", "aB", "b"])
@example(regex="a\u212ab", lines=["akb", "aKb", "a\u212ab"])
@example(regex="aksb", lines=["aKSb", "a\u212a\u017fB"])
def test_so_it_is_in_any_case(regex: str, lines: list[str]) -> None:
    regex = "(?i)" + regex
    assume(is_valid(regex))
    required, compiled = required_in_any_case(regex), compile_regex(regex)
    for line in lines:
        contains = required.text.encode() in line.encode().lower()
        matches = compiled.search(line.encode()) is not None
        assert contains or not matches, (regex, line, required)
        assert matches or not (required.is_whole and contains), (regex, line, required)


@pytest.mark.parametrize(
    ("regex", "text", "is_whole"),
    [
        ("(?i)Error", "error", True),
        ("(?i)cuda error: (a|b)", "cuda error: ", False),
        ("(?i)disk full", " full", False),
        ("(?i)grün", "gr", False),
        ("(?i)a|b", "", False),
        ("(?i)(?s)a.b", "", False),
        ("(?is)ab", "", False),
        ("error", "", False),
        ("(?i)", "", True),
    ],
)
def test_what_any_case_may_begin_with(regex: str, text: str, is_whole: bool) -> None:
    required = required_in_any_case(regex)
    assert (required.text, required.is_whole) == (text, is_whole)


@given(regex=st.text("ab.*+?()[]{}|^$\\-:,2", max_size=9), lines=st.lists(LINES, min_size=3, max_size=6))
def test_so_it_is_for_regexes_of_any_form(regex: str, lines: list[str]) -> None:
    assume(is_valid(regex))
    for line in lines:
        check(regex, line)


@pytest.mark.parametrize(
    ("regex", "text"),
    [
        ("error.*timeout", "timeout"),
        ("^GET /api/v1$", "GET /api/v1"),
        (r"took \d+ms", "took "),
        (r"10\.0\.0\.1", "10"),
        ("(a|b)cd", "cd"),
        ("[0-9]+ failed", " failed"),
        ("colou?r", "colo"),
        ("x{2}yz", ""),
        ("a|b", ""),
        ("(?i)error", ""),
        (r"\x61bc", ""),
        (".*", ""),
    ],
)
def test_the_longest_certain_run(regex: str, text: str) -> None:
    required = required_text(regex)
    assert (required.text, required.is_whole) == (text, False)


@pytest.mark.parametrize("regex", ["error", "", "two words", "naïve", "a-b,c:d"])
def test_a_plain_text_is_all_there_is_to_it(regex: str) -> None:
    required = required_text(regex)
    assert (required.text, required.is_whole) == (regex, True)
