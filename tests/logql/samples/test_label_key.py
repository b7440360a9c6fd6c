"""What keys keep of labels, above all of empty ones: answers of a running Loki 3.7.6."""

from __future__ import annotations

import pytest

from logql.ast import Grouping, VectorMatching
from logql.samples.label_key import LabelKey
from storage.labels import Labels

LABELS = Labels({"app": "p", "lvl": "", "n": "1"})

CASES: list[tuple[LabelKey, dict[str, str]]] = [
    (LabelKey(), {"app": "p", "lvl": "", "n": "1"}),
    (LabelKey.of(None), {}),
    (LabelKey.of(Grouping(False, ("lvl", "nosuch"))), {"lvl": ""}),
    (LabelKey.of(Grouping(True, ("n",))), {"app": "p"}),
    (LabelKey.of(Grouping(True, ())), {"app": "p", "n": "1"}),
    (LabelKey.of_range(None), {"app": "p", "lvl": "", "n": "1"}),
    (LabelKey.of_range(Grouping(True, ())), {"app": "p", "lvl": "", "n": "1"}),
    (LabelKey.of_range(Grouping(True, ("n",))), {"app": "p"}),
    (LabelKey.of_range(Grouping(False, ("lvl",))), {"lvl": ""}),
    (LabelKey.matching(None), {"app": "p", "n": "1"}),
    (LabelKey.matching(VectorMatching(on=True, names=("app", "lvl"))), {"app": "p"}),
    (LabelKey.matching(VectorMatching(on=False, names=("app",))), {"n": "1"}),
    (LabelKey().dropping_empty(), {"app": "p", "n": "1"}),
    (LabelKey.of(Grouping(False, ("lvl",))).dropping_empty(), {"lvl": ""}),
    (LabelKey.of(Grouping(True, ("app",))).hiding("n"), {}),
]


@pytest.mark.parametrize(("key", "kept"), CASES)
def test_a_key_keeps(key: LabelKey, kept: dict[str, str]) -> None:
    assert key.project(LABELS) == Labels(kept)
