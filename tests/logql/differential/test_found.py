"""Differences that generated questions have found, as small as they could be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from logql.requests import Direction, RangeQuery
from storage.labels import Labels
from tests.logql.differential.pairs import Pair, compared
from tests.logql.differential.stores import opened
from tests.storage.entries import Entry

NESTED_DEFECT = '{"req":{"a":tru}}'
END_NS = 20 * 10**9


def at(second: int, line: str, app: str = "web", **metadata: str) -> Entry:
    return Entry(Labels({"app": app}), second * 10**9, line, frozenset(metadata.items()))


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ([at(1, '{"a":1', ip="x")], '{app="web"} | json | ip=ip("1.2.3.4")'),
        ([at(1, "no json")], '{app="web"} | json x="a" | nosuch=ip("1.2.3.4")'),
        ([at(1, '{"a":1}'), at(2, NESTED_DEFECT)], '{app="web"} | json | __error__!="JSONParserErr"'),
        ([at(1, "no json")], 'sum(count_over_time({app="web"} | unpack [10s]))'),
        ([at(1, '{"_entry":"packed","a":"b"}')], 'sum(bytes_over_time({app="web"} | unpack [10s]))'),
        ([at(1, "no json")], 'sum(count_over_time({app="web"} | json | keep a="x" [10s]))'),
        ([at(1, "no json")], 'sum by (__error__) (count_over_time({app="web"} | json [10s]))'),
        ([at(1, "x", __error__="Pushed")], 'sum(count_over_time({app="web"} | drop __error__ [10s]))'),
        ([at(1, "x", app) for app in ("a", "b", "c", "d")], '{app=~".+"} | drop app'),
        ([at(1, app, app) for app in ("a", "b", "c", "d")], '{app=~".+"} | label_format app="same"'),
        ([Entry(Labels({"app": "web"}), 10**9, "x", frozenset({("app", "y"), ("app_extracted", "z")}))], '{app="web"}'),
        ([at(1, "n=1"), at(2, "n=x")], 'max_over_time({app="web"} | logfmt | unwrap n [10s]) by (app)'),
    ],
)
@pytest.mark.parametrize("limit", [1, 100])
def test_the_engine_answers_as_the_oracle(tmp_path: Path, entries: list[Entry], text: str, limit: int) -> None:
    with opened(tmp_path) as store:
        store.load([entries])
        for direction in Direction:
            asked = RangeQuery(text, 0, END_NS, 5000, limit, direction)
            _, what = compared(store, Pair(entries, asked))
            assert not what
