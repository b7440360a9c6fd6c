"""What a matcher accepts."""

from __future__ import annotations

import pytest

from logql.ast import Matcher, MatchOp

CASES = [
    (MatchOp.EQ, "foo", ["foo"], ["", "foobar", "FOO"]),
    (MatchOp.NEQ, "foo", ["", "foobar"], ["foo"]),
    (MatchOp.RE, "foo", ["foo"], ["xfoo", "foox", "foo\n", ""]),
    (MatchOp.RE, "foo|foobar", ["foo", "foobar"], ["foob", "xfoo"]),
    (MatchOp.RE, "foo.*", ["foo", "foo\nbar"], ["xfoo"]),
    (MatchOp.RE, "", [""], ["x"]),
    (MatchOp.RE, "(?i)àé", ["ÀÉ"], ["AE"]),
    (MatchOp.RE, r"\w+", ["a_1"], ["é"]),
    (MatchOp.NRE, "a|b", ["", "c", "ab"], ["a", "b"]),
]


@pytest.mark.parametrize(("op", "text", "accepted", "refused"), CASES)
def test_regular_expressions_match_whole_values(
    op: MatchOp, text: str, accepted: list[str], refused: list[str]
) -> None:
    matcher = Matcher("app", op, text)
    assert [value for value in accepted + refused if matcher.matches(value)] == accepted
    assert matcher.matches_empty == ("" in accepted)


def test_a_broken_expression_is_reported_when_used() -> None:
    with pytest.raises(ValueError, match="missing closing"):
        Matcher("app", MatchOp.RE, "(").matches("x")
