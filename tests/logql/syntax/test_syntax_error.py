"""Syntax errors word for word: the position, the unexpected token and, up to four, the expected ones."""

from __future__ import annotations

import pytest

from logql.errors import ParseError
from logql.syntax import parse

CASES = [
    ('{app="foo"', " at line 1, col 11: syntax error: unexpected $end, expecting } or ,"),
    ('{app="foo"} |', " at line 1, col 14: syntax error: unexpected $end"),
    ('{app="foo"} |= ', " at line 1, col 16: syntax error: unexpected $end, expecting STRING or ip"),
    ('{app="foo"} |= foo', " at line 1, col 16: syntax error: unexpected IDENTIFIER, expecting STRING or ip"),
    ('{app="foo"} | foo', " at line 1, col 18: syntax error: unexpected $end"),
    ('{app="foo", }', " at line 1, col 13: syntax error: unexpected }, expecting IDENTIFIER"),
    ('{,app="foo"}', " at line 1, col 2: syntax error: unexpected ,, expecting IDENTIFIER or }"),
    ('{app="a" b="c"}', " at line 1, col 10: syntax error: unexpected IDENTIFIER, expecting } or ,"),
    ("{app=a}", " at line 1, col 6: syntax error: unexpected IDENTIFIER, expecting STRING"),
    ('{app.x="a"}', " at line 1, col 5: syntax error: unexpected ., expecting = or =~ or !~ or !="),
    ('{app-x="a"}', " at line 1, col 5: syntax error: unexpected -, expecting = or =~ or !~ or !="),
    ("{app==“a”}", " at line 0, col 5: syntax error: unexpected ==, expecting = or =~ or !~ or !="),
    ('{"app"="a"}', " at line 1, col 2: syntax error: unexpected STRING, expecting IDENTIFIER or }"),
    ('{json="a"}', " at line 1, col 2: syntax error: unexpected json, expecting IDENTIFIER or }"),
    ('{9a="b"}', " at line 1, col 2: syntax error: unexpected NUMBER, expecting IDENTIFIER or }"),
    ("{", " at line 1, col 2: syntax error: unexpected $end, expecting IDENTIFIER or }"),
    ("{bad", " at line 1, col 5: syntax error: unexpected $end, expecting = or =~ or !~ or !="),
    ('app="foo"', " at line 1, col 1: syntax error: unexpected IDENTIFIER"),
    ('foo({a="b"}[5m])', " at line 1, col 1: syntax error: unexpected IDENTIFIER"),
    ('absent({a="b"}[5m])', " at line 1, col 1: syntax error: unexpected IDENTIFIER"),
    ('rate({app="foo"})', " at line 1, col 17: syntax error: unexpected )"),
    ('rate({app="foo"}[5m]', " at line 1, col 21: syntax error: unexpected $end, expecting )"),
    ('rate({app="foo"}[5m] @ 10)', " at line 1, col 22: syntax error: unexpected IDENTIFIER, expecting )"),
    ('{app="foo"} offset 5m', " at line 1, col 13: syntax error: unexpected offset"),
    ('rate({a="b"}[5m]) offset 5m', " at line 1, col 19: syntax error: unexpected offset"),
    ('rate({app="a"}[5m] offset 5)', " at line 1, col 27: syntax error: unexpected NUMBER, expecting DURATION"),
    ('{app="a"}[5m]', " at line 0, col 10: syntax error: unexpected RANGE"),
    ('topk({a="b"}[5m])', " at line 0, col 13: syntax error: unexpected RANGE"),
    ('sum({app="foo"})', " at line 1, col 16: syntax error: unexpected )"),
    ('sum(({app="foo"}))', " at line 1, col 18: syntax error: unexpected )"),
    ('sum(rate({app="foo"}[5m])) by app', " at line 1, col 31: syntax error: unexpected IDENTIFIER, expecting ("),
    ('sum by (app) {app="foo"}', " at line 1, col 14: syntax error: unexpected {, expecting ("),
    ('sum by app (rate({app="a"}[5m]))', " at line 1, col 1: syntax error: unexpected IDENTIFIER"),
    ('sum by (a) by (b) (rate({a="b"}[5m]))', " at line 1, col 12: syntax error: unexpected by, expecting ("),
    ("sum by (a, (x)", " at line 1, col 12: syntax error: unexpected (, expecting IDENTIFIER"),
    ('sum(rate({a="b"}[5m])) > bool', " at line 1, col 30: syntax error: unexpected $end"),
    ('rate({a="b"}[5m]) / on(a) group_left', " at line 1, col 37: syntax error: unexpected $end"),
    ('topk(-1, rate({app="foo"}[5m]))', " at line 1, col 8: syntax error: unexpected ,"),
    (
        'quantile_over_time(-1, {a="b"} | unwrap x [5m])',
        " at line 1, col 20: syntax error: unexpected -, expecting NUMBER or { or (",
    ),
    ('vector(rate({app="foo"}[5m]))', " at line 1, col 8: syntax error: unexpected RATE, expecting NUMBER"),
    ('vector("a")', " at line 1, col 8: syntax error: unexpected STRING, expecting NUMBER"),
    ('label_replace(vector(1), "a", "b", "c")', " at line 1, col 39: syntax error: unexpected ), expecting ,"),
    ('-rate({app="a"}[5m])', " at line 1, col 2: syntax error: unexpected RATE, expecting NUMBER"),
    ('{app="foo"} | unwrap x', " at line 1, col 15: syntax error: unexpected unwrap"),
    (
        'max_over_time({app="a"} | unwrap x | json [5m])',
        " at line 1, col 38: syntax error: unexpected json, expecting IDENTIFIER or (",
    ),
    (
        'avg_over_time({app="foo"} | unwrap foo(x) [5m])',
        " at line 1, col 39: syntax error: unexpected (, expecting RANGE or |",
    ),
    (
        'avg_over_time({app="foo"} | unwrap) ',
        " at line 1, col 35: syntax error: unexpected ), "
        "expecting IDENTIFIER or BYTES_CONV or DURATION_CONV or DURATION_SECONDS_CONV",
    ),
    ('{app="foo"} | logfmt --foo', " at line 1, col 24: syntax error: unexpected IDENTIFIER, expecting NUMBER"),
    ('{app="foo"} | label_format a', " at line 1, col 29: syntax error: unexpected $end, expecting ="),
    (
        '{app="foo"} | label_format a=5',
        " at line 1, col 30: syntax error: unexpected NUMBER, expecting IDENTIFIER or STRING",
    ),
    ('{app="a"} | foo == "x"', " at line 1, col 20: syntax error: unexpected STRING"),
    ('{app="a"} | foo > "x"', " at line 1, col 19: syntax error: unexpected STRING"),
    ('{app="a"} || foo="x"', " at line 1, col 12: syntax error: unexpected |"),
    ('{app="foo"} |= "a" or |= "b"', " at line 0, col 23: syntax error: unexpected |=, expecting STRING or ip"),
    ('{app="foo"} | distinct a', " at line 1, col 24: syntax error: unexpected IDENTIFIER"),
    ('{a="b"} | decolorize x', " at line 1, col 22: syntax error: unexpected IDENTIFIER"),
    ('{a="b"} | drop', " at line 1, col 15: syntax error: unexpected $end, expecting IDENTIFIER"),
    ('{a="b"} | x = 1GBx', " at line 1, col 19: syntax error: unexpected $end"),
    ('{a="b"} | 9x="y"', " at line 1, col 11: syntax error: unexpected NUMBER"),
    ('({a="b"}) |= "x"', " at line 0, col 11: syntax error: unexpected |="),
    ('rate({a="b"}[5m])-1m', " at line 0, col 18: syntax error: unexpected DURATION"),
    ('{a="b"} | line_format', " at line 1, col 22: syntax error: unexpected $end, expecting STRING"),
    ('variants(rate({a="b"}[5m])) (', " at line 1, col 29: syntax error: unexpected (, expecting of"),
    ("1 1", " at line 1, col 3: syntax error: unexpected NUMBER"),
    ("(1 1)", " at line 1, col 4: syntax error: unexpected NUMBER"),
    ('{a="b"}\n | json\n | ;;', " at line 3, col 5: syntax error: unexpected IDENTIFIER"),
    ('{a="b"\n', " at line 2, col 1: syntax error: unexpected $end, expecting } or ,"),
    ('{a="é"} | ü', " at line 1, col 12: syntax error: unexpected $end"),
    ("", " : syntax error: unexpected $end"),
    (" ", " at line 1, col 2: syntax error: unexpected $end"),
]


@pytest.mark.parametrize(("text", "message"), CASES)
def test_a_syntax_error_says_where_and_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert str(caught.value) == f"parse error{message}"
