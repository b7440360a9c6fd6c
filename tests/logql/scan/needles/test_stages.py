"""What the stages of a query require, and where they stop to."""

from __future__ import annotations

import pytest

from logql.ast import LogQuery
from logql.scan.needles.condition import ALWAYS, All, Any, Condition, LabelValue, Text
from logql.scan.needles.stages import stages_condition
from logql.syntax import parse

A, B = Text("a"), Text("b")


@pytest.mark.parametrize(
    ("stages", "condition"),
    [
        ("", ALWAYS),
        ('|= "a"', A),
        ('|= ""', ALWAYS),
        ('|= "a" or "b"', Any((A, B))),
        ('|= "a" or ""', ALWAYS),
        ('|= "a" |~ "b.*"', All((A, B))),
        ('!= "a" !~ "a" !> "a"', ALWAYS),
        ('|= ip("10.0.0.1")', ALWAYS),
        ('|= "a" or ip("10.0.0.1")', ALWAYS),
        ('|> "a<_>b"', All((A, B))),
        ('|> "<_>"', ALWAYS),
        ('| json | x="a"', LabelValue("x", A)),
        ('| x="a"', LabelValue("x", A)),
        ('| x="a b"', LabelValue("x", All((A, B)))),
        ('| x="é"', ALWAYS),
        ('| x=""', ALWAYS),
        ('| x!="a" | x!~"a"', ALWAYS),
        ('| x=~"a.+"', LabelValue("x", A)),
        ('| x=~"a|"', ALWAYS),
        ('| x=~"a|b"', LabelValue("x", Any((A, B)))),
        ('| x="a" or y="b"', Any((LabelValue("x", A), LabelValue("y", B)))),
        ('| x="a" or y > 1', ALWAYS),
        ('| x="a", y > 1', LabelValue("x", A)),
        ('| __error__="a"', ALWAYS),
        ('| line_format "{{.x}}" |= "a" | x="a"', ALWAYS),
        ('| decolorize |= "a"', ALWAYS),
        ('| unpack |= "a"', ALWAYS),
        ('|= "a" | line_format "{{.x}}" |= "b"', A),
        ('| label_format x=y |= "a" | x="b"', A),
        ('| label_format x=y | json | z="b"', ALWAYS),
        ('| keep x | drop y | x="a"', LabelValue("x", A)),
    ],
)
def test_what_every_row_that_passes_must_hold(stages: str, condition: Condition) -> None:
    query = parse(f'{{app="web"}} {stages}')
    assert isinstance(query, LogQuery)
    assert stages_condition(query.stages) == condition
