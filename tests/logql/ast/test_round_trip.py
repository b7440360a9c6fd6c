"""Every tree prints a text that parses to the same tree."""

from __future__ import annotations

import math

from hypothesis import given, settings

from logql.ast import Expr, Literal
from logql.syntax import parse
from tests.logql.ast.strategies import expressions


@settings(max_examples=200, deadline=None)
@given(expressions)
def test_printing_and_parsing_again_is_the_identity(expr: Expr) -> None:
    text = str(expr)
    parsed = parse(text)
    assert parsed == expr
    assert str(parsed) == text


def test_numbers_that_have_no_literal_print_what_folds_to_them() -> None:
    for value in (math.nan, math.inf, -math.inf):
        parsed = parse(str(Literal(value)))
        assert isinstance(parsed, Literal)
        assert repr(parsed.value) == repr(value)
