"""Queries over several lines: their layout, and that they stay what they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from logql.ast import Expr
from logql.pretty import pretty
from logql.syntax import parse
from tests.logql.ast.strategies import expressions

LONG = '{a="' + "b" * 90 + '", c="d"}'


@settings(deadline=None)
@given(expressions)
def test_parsing_what_is_printed_gives_the_same_tree(expr: Expr) -> None:
    assert parse(pretty(expr)) == expr


@settings(deadline=None)
@given(expressions)
def test_so_it_does_where_every_part_has_lines_of_its_own(expr: Expr) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("logql.pretty._LONGEST_LINE", 0)
        assert parse(pretty(expr)) == expr


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("X", ["X"]),
        ("X | json", ["X", "  | json"]),
        (
            'X |= "x" != "y" | json | decolorize | drop a',
            ["X", '  |= "x" != "y"', "  | json", "| decolorize", "  | drop a"],
        ),
        ("rate(X[7d] offset -90m)", ["rate(", "  X [1w] offset -1h30m", ")"]),
        (
            'quantile_over_time(0.99, X | unwrap duration(x) | y="" [5m]) by (a,b)',
            ["quantile_over_time(", "  0.99,", "  X", "    | unwrap duration(x)", '    | y="" [5m]', ") by (a, b)"],
        ),
        (
            "topk(5, sum by (a,b) (rate(X[5m])))",
            ["topk(", "  5,", "  sum by (a, b)(", "    rate(", "      X [5m]", "    )", "  )", ")"],
        ),
        (
            'label_replace(rate(X[5m]), "d", "$1", "s", "\\\\d")',
            ["label_replace(", "  rate(", "    X [5m]", "  ),", '  "d",', '  "$1",', '  "s",', '  "\\\\d"', ")"],
        ),
        (
            'rate(X[5m]) / on(a,b) group_left(c) rate({e="f"}[5m])',
            ["  rate(", "    X [5m]", "  )", "/ on (a, b) group_left (c)", '  rate({e="f"}[5m])'],
        ),
        ("rate(X[5m]) > bool 5", ["  rate(", "    X [5m]", "  )", "> bool", "  5"]),
        ("rate(X[5m]) and vector(1)", ["  rate(", "    X [5m]", "  )", "and", "  vector(1.000000)"]),
        ("rate(X[5m]) or on() vector(1)", ["  rate(", "    X [5m]", "  )", "or on () ", "  vector(1.000000)"]),
        (
            "rate(X[5m]) * 2 + 1",
            ["    rate(", "      X [5m]", "    )", "  *", "    2", "+", "  1"],
        ),
        ("(rate(X[5m]) + 1) * 2", ["  (rate(X[5m]) + 1)", "*", "  2"]),
        (
            'variants(rate({a="b"}[5m])) of ({a="b"}[5m])',
            ["variants(", '  rate({a="b"}[5m])', ") of (", '  {a="b"} [5m]', ")"],
        ),
    ],
)
def test_what_is_longer_than_a_line_is_split(query: str, lines: list[str]) -> None:
    expr = parse(query.replace("X", LONG))
    assert pretty(expr).replace(LONG, "X").split("\n") == lines
    assert parse(pretty(expr)) == expr


@pytest.mark.parametrize(("letters", "lines"), [(81, 1), (82, 2)])
def test_a_line_has_a_hundred_characters(letters: int, lines: int) -> None:
    text = '{a="' + "b" * letters + '"} |= "1234567"'
    assert len(text) == letters + 19
    assert pretty(parse(text)).count("\n") == lines - 1
