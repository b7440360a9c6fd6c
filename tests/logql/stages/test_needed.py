"""Which labels stages look at."""

from __future__ import annotations

import pytest

from logql.ast import LabelFilterStage
from logql.stages.needed import closed, filtered_names, read_names, reads_errors
from tests.logql.frames import stage_of, stages_of


@pytest.mark.parametrize(
    ("tail", "names"),
    [
        ("", set()),
        ('|= "a" | json | logfmt x="y" | decolorize', set()),
        ('| a="1"', {"a"}),
        ('| a="1" or (b > 5 and c > 5s), d=ip("1.1.1.1") | e < 5KB', {"a", "b", "c", "d", "e"}),
        ('| __error__=""', {"__error__"}),
        ('| drop a, b="1" | keep c, d=~"2"', set()),  # what they test they decide on alone
        ("| label_format a=b, c=d", {"b", "d"}),
        ('| label_format a="{{.x}}{{.y}}"', {"x", "y"}),
        ('| line_format "{{.x}} {{__line__}}"', {"x"}),
        ('| line_format "{{.}}"', None),
        ('| line_format "{{index . \\"x\\"}}" | a="1"', None),
        ('| a="1" | label_format b="{{range $k, $v := .}}{{$k}}{{end}}"', None),
    ],
)
def test_names_that_are_read(tail: str, names: set[str] | None) -> None:
    found = read_names(stages_of(tail))
    if '"x' in tail and "index" in tail:
        assert found is None or "x" in found  # it may be told, but must not be forgotten
    else:
        assert found == names


def test_the_names_of_a_filter_are_those_of_all_its_parts() -> None:
    stage = stage_of('| a="1" and (b > 1 or c=ip("1.1.1.1")) or d > 1s')
    assert isinstance(stage, LabelFilterStage)
    assert filtered_names(stage.label_filter) == {"a", "b", "c", "d"}


def test_a_name_that_collisions_make_stands_for_the_one_it_comes_from() -> None:
    assert closed(frozenset({"a_extracted", "b"})) == {"a", "a_extracted", "b"}


@pytest.mark.parametrize(
    ("tail", "reads"),
    [
        ('| __error__=""', True),
        ('| a="1" or (b="2" and __error__!="x")', True),
        ('| a=ip("1.1.1.1")', True),  # which passes faulty entries
        ('| a="1" or b!=ip("1.1.1.1")', True),
        ('| a="1" | b > 5', False),
        ('| __error_details__=""', False),
        ("| drop __error__", False),
        ('| json |= "__error__"', False),
    ],
)
def test_filters_that_look_at_errors(tail: str, reads: bool) -> None:
    assert reads_errors(stages_of(tail)) == reads
