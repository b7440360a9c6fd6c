"""Regular expressions and Go's texts for broken ones."""

from __future__ import annotations

import pytest

from logql.values.regex import compile_regex, full_match_regex

BROKEN = [
    ("(", "missing closing ): `(`"),
    ("a(b", "missing closing ): `a(b`"),
    ("a)", "unexpected ): `a)`"),
    ("[a", "missing closing ]: `[a`"),
    ("[b-a]", "invalid character class range: `b-a`"),
    ("x\\", "trailing backslash at end of expression: ``"),
    ("\\q", "invalid escape sequence: `\\q`"),
    ("*a", "missing argument to repetition operator: `*`"),
    ("a**", "invalid nested repetition operator: `**`"),
    ("a{1001}", "invalid repeat count: `{1001}`"),
    ("(?P<a-b>.)", "invalid named capture: `(?P<a-b>`"),
    ("(?P<é>.)", "invalid named capture: `(?P<é>`"),
    ("[(?P<é>](?<n>.)(?<ñ>.)", "invalid named capture: `(?P<é>`"),
    ("a\\C", "invalid escape sequence: `\\C`"),
    ("[\\\\\\C]", "invalid escape sequence: `\\C`"),
    ("(?=x)", "invalid or unsupported Perl syntax: `(?=`"),
]


@pytest.mark.parametrize(("pattern", "message"), BROKEN)
def test_broken_expressions_get_the_text_of_go(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match="regexp") as caught:
        compile_regex(pattern)
    assert str(caught.value) == f"error parsing regexp: {message}"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"\\C", r"\C"), (r"\QC\C\E", r"C\C"), (r"[(?P<é>]", "é"), ("(?P<n>a)(?P<m>é)", "aé"), ("(?P<n>a)(?P<n>b)", "ab")],
)
def test_what_only_looks_like_more_than_go_takes_is_taken(pattern: str, text: str) -> None:
    assert compile_regex(pattern).fullmatch(text) is not None


def test_a_dot_matches_newline_only_in_full_matches() -> None:
    assert compile_regex("a.b").search("a\nb") is None
    assert full_match_regex("a.b").fullmatch("a\nb") is not None
    assert full_match_regex("a|b").fullmatch("ab") is None
