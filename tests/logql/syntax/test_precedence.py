"""How operators bind, in label filters and in metric queries."""

from __future__ import annotations

import math

import pytest

from logql.ast import Literal
from logql.syntax import parse

LABEL_FILTERS = [
    ("a or b and c", "( a or ( b , c ) )"),
    ("a and b or c", "( ( a , b ) or c )"),
    ("a, b or c", "( a , ( b or c ) )"),
    ("a b or c", "( a , ( b or c ) )"),
    ("a or b, c", "( a or ( b , c ) )"),
    ("a and b, c or d", "( a , ( b , ( c or d ) ) )"),
    ("a or b c or d", "( a or ( b , ( c or d ) ) )"),
    ("(a or b), c", "( ( a or b ) , c )"),
    ("a and b and c or d or a", "( ( ( ( a , b ) , c ) or d ) or a )"),
    ("a (b or c) d", "( a , ( ( b or c ) , d ) )"),
    ("((a))", "a"),
]


@pytest.mark.parametrize(("written", "meaning"), LABEL_FILTERS)
def test_commas_and_juxtaposition_take_everything_to_their_right(written: str, meaning: str) -> None:
    written, meaning = _filled(written), _filled(meaning)
    assert str(parse(f'{{x="y"}} | {written}')) == f'{{x="y"}} | {meaning}'


def _filled(text: str) -> str:
    return " ".join(_filled_word(word) for word in text.split(" "))


def _filled_word(word: str) -> str:
    bare = word.strip("(),")
    return word.replace(bare, f'{bare}="1"') if len(bare) == 1 else word


METRICS = [
    ("V or V and V", "(V or (V and V))"),
    ("V and V or V", "((V and V) or V)"),
    ("V unless V and V", "((V unless V) and V)"),
    ("V and V == V", "(V and (V == V))"),
    ("V < V + V", "(V < (V + V))"),
    ("V + V * V - V", "((V + (V * V)) - V)"),
    ("V * V ^ V", "(V * (V ^ V))"),
    ("V ^ V ^ V", "(V ^ (V ^ V))"),
    ("V - V - V", "((V - V) - V)"),
    ("V / (V % V)", "(V / (V % V))"),
    ("V >= V != V", "((V >= V) != V)"),
    ("V + -2 ^ 2", "(V + 4)"),
]


@pytest.mark.parametrize(("written", "meaning"), METRICS)
def test_metric_operators_bind_as_in_prometheus(written: str, meaning: str) -> None:
    expr = parse(written.replace("V", "vector(1)"))
    assert str(expr) == meaning.replace("V", "vector(1.000000)")


FOLDED = [
    ("2^3^2", 512),
    ("10-3-2", 5),
    ("-2^2", 4),
    ("1 +- 5", -4),
    ("5-0", 5),
    ("1 == 1 + 1", 0),
    ("2 > bool 1", 1),
    ("1 != 1", 0),
    ("(1 + 2) * 3", 9),
    ("7 % -4", 3),
    ("-7 % 4", -3),
    ("1_000 + 017", 1017),
    ("1/0", math.nan),
    ("1%0", math.nan),
    ("-8 ^ 0.5", math.nan),
    ("0 ^ -1", math.inf),
    ("-10 ^ 999", -math.inf),
    ("10 ^ 999 % 2", math.nan),
]


@pytest.mark.parametrize(("text", "value"), FOLDED)
def test_operations_on_literals_are_computed(text: str, value: float) -> None:
    folded = parse(text)
    assert isinstance(folded, Literal)
    assert repr(folded.value) == repr(float(value))
