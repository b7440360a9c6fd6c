"""``| drop a, b="x"``: section 8 of the language page."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given

from logql.ast import Drop
from logql.stages.drop import drop_stage
from tests.logql.differential.datasets import dataset
from tests.logql.differential.log_queries import NAMES, matcher
from tests.logql.differential.strategies import seeds
from tests.logql.frames import frame_of_entries, kept, labels_after

STREAM = {"app": "web", "env": "prod"}
METADATA = {"env": "sm", "tid": "t1"}
LINE = '{"a":"1","b":"x"}'
ALL = {"app": "web", "env": "prod", "env_extracted": "sm", "tid": "t1", "a": "1", "b": "x"}


@pytest.mark.parametrize(
    ("tail", "gone"),
    [
        ("| drop nosuch", []),
        ("| drop a", ["a"]),
        ("| drop app", ["app"]),
        ("| drop env", ["env"]),
        ("| drop env, env_extracted", ["env", "env_extracted"]),
        ("| drop tid, a, app", ["tid", "a", "app"]),
        ('| drop a="1", b="y"', ["a"]),
        ('| drop a!="1", b=~"x|y"', ["b"]),
        ('| drop b=~"."', ["b"]),
        ('| drop app=~"w"', []),  # the whole value
        ('| drop nosuch=""', []),
        ("| drop a | drop a", ["a"]),
        ("| drop a | json", ["a"]),  # it was found once
        ("| drop __error__", []),
    ],
)
def test_labels_that_go(tail: str, gone: list[str]) -> None:
    wanted = {name: value for name, value in ALL.items() if name not in gone}
    assert labels_after(f"| json {tail}", LINE, STREAM, METADATA) == wanted


@pytest.mark.parametrize(
    ("tail", "left"),
    [
        ("| drop __error__", {"__error_details__"}),
        ("| drop __error_details__", {"__error__"}),
        ("| drop __error__, __error_details__", set()),
        ('| drop __error__="JSONParserErr"', {"__error_details__"}),
        ('| drop __error__="Other"', {"__error__", "__error_details__"}),
        ('| drop __error_details__=~".+"', {"__error__", "__error_details__"}),  # it always reads as empty
        ("| drop app", {"__error__", "__error_details__"}),
    ],
)
def test_error_slots_are_cleared_one_by_one(tail: str, left: set[str]) -> None:
    labels = labels_after(f"| json {tail}", "no object", {"app": "web"})
    assert labels is not None
    assert {name for name in labels if name.startswith("__")} == left


@given(seeds)
def test_each_row_loses_what_its_own_values_say(seed: int) -> None:
    random = Random(seed)
    frame = frame_of_entries(dataset(random))
    targets = tuple(
        matcher(random, random.choice(NAMES)) if random.random() < 0.5 else random.choice(NAMES) for _ in "abc"
    )
    before, after = kept(frame), kept(drop_stage(Drop(targets))(frame))
    for (_, _, own), (_, _, left) in zip(before, after, strict=True):
        gone = {t for t in targets if isinstance(t, str)}
        gone |= {t.name for t in targets if not isinstance(t, str) and t.matches(own.get(t.name, ""))}
        assert left == {name: value for name, value in own.items() if name not in gone}
