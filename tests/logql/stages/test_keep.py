"""``| keep a, b="x"``: section 8 of the language page."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given

from logql.ast import Keep
from logql.stages.keep import keep_stage
from tests.logql.differential.datasets import dataset
from tests.logql.differential.log_queries import NAMES, matcher
from tests.logql.differential.strategies import seeds
from tests.logql.frames import frame_of_entries, kept, labels_after

STREAM = {"app": "web", "env": "prod"}
METADATA = {"env": "sm", "tid": "t1"}
LINE = '{"a":"1","b":"x"}'


@pytest.mark.parametrize(
    ("tail", "labels"),
    [
        ("| keep a", {"a": "1"}),
        ("| keep nosuch", {}),
        ("| keep app, tid", {"app": "web", "tid": "t1"}),
        ("| keep env", {"env": "prod"}),
        ("| keep env_extracted", {"env_extracted": "sm"}),
        ('| keep a="1", b="y"', {"a": "1"}),
        ('| keep a, a="2"', {"a": "1"}),  # one of the two is enough
        ('| keep a="2", a="1"', {"a": "1"}),
        ('| keep a!="1"', {}),
        ('| keep app=~"w"', {}),
        ('| keep app=~"w.*", nosuch=""', {"app": "web"}),
        ("| keep a | keep app", {}),
        ("| keep app | json", {"app": "web"}),  # a and b were found once
        ("| keep __error__", {}),
    ],
)
def test_labels_that_stay(tail: str, labels: dict[str, str]) -> None:
    assert labels_after(f"| json {tail}", LINE, STREAM, METADATA) == labels


@pytest.mark.parametrize(
    "tail", ["| keep nosuch", "| keep app", '| keep __error__="x"', "| keep __error__, app | keep a"]
)
def test_error_labels_always_stay(tail: str) -> None:
    labels = labels_after(f"| json {tail}", "no object", {"app": "web"})
    assert labels is not None
    assert {"__error__", "__error_details__"} <= set(labels)


@given(seeds)
def test_each_row_keeps_what_its_own_values_say(seed: int) -> None:
    random = Random(seed)
    frame = frame_of_entries(dataset(random))
    targets = tuple(
        matcher(random, random.choice(NAMES)) if random.random() < 0.5 else random.choice(NAMES) for _ in "abc"
    )
    before, after = kept(frame), kept(keep_stage(Keep(targets))(frame))
    for (_, _, own), (_, _, left) in zip(before, after, strict=True):
        stays = {t for t in targets if isinstance(t, str)} | {"__error__", "__error_details__"}
        stays |= {t.name for t in targets if not isinstance(t, str) and t.matches(own.get(t.name, ""))}
        assert left == {name: value for name, value in own.items() if name in stays}
