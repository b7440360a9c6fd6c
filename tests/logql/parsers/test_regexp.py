"""``| regexp``: the groups of the first match, as RE2 finds them line by line."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.parsers.names import sanitised
from logql.parsers.regexp import RegexpExtractor
from logql.parsers.rows import Row
from logql.values.regex import compile_regex
from tests.logql.parsers.reading import extract

REGEXES = [
    r"(?P<a>x)(?P<b>y)?",
    r"(x)(?P<a>y)(?:z)?",
    r"(?<a>[(x]+)(?P<b>\(?)",
    r"(?i)(?P<a>X|y(z)?)",
    r"layer (?P<layer>\S+)$",
    r"\Q(x\E(?P<a>.?)",
    r"(?P<a>x*)",
    r"(?P<a>(?P<b>x)|(?P<c>y))z?",
    r"(?s)x(?P<a>.)",
    r"[[:alpha:](](?P<a>\pL)",
    r"é(?P<a>.)",
]


@pytest.mark.parametrize(
    ("regex", "line", "labels"),
    [
        (r"(?P<a>x)(?P<b>y)?", "zxz", {"a": "x", "b": ""}),
        (r"(?P<a>x)", "y", {}),
        (r"(?P<a>x*)", "", {"a": ""}),
        (r"(?P<1bad>x)", "x", {"_1bad": "x"}),
        (r"(?P<1a>x)(?P<_1a>y)", "xy", {"_1a": "x"}),
        (r"layer (?P<layer>\S+)$", "for layer /neck/fpn3", {"layer": "/neck/fpn3"}),
    ],
)
def test_named_groups_become_labels(regex: str, line: str, labels: dict[str, str]) -> None:
    assert extract(RegexpExtractor(regex), [line]) == [Row(labels)]


def test_lines_without_the_text_that_every_match_holds_are_passed_over() -> None:
    lines = ["Time: 5", "none", "at Time: 7"]
    assert extract(RegexpExtractor(r"Time: (?P<t>\d)"), lines) == [Row({"t": "5"}), Row(), Row({"t": "7"})]


def test_only_needed_groups_are_answered() -> None:
    assert extract(RegexpExtractor(REGEXES[0]), ["xy"], frozenset("b")) == [Row({"b": "y"})]
    assert extract(RegexpExtractor(REGEXES[0]), ["xy"], frozenset("c")) == [Row()]
    assert RegexpExtractor(REGEXES[0]).extract(pa.array([], pa.string()), None).columns == {}


@given(st.sampled_from(REGEXES), st.lists(st.text(st.sampled_from("xyz( é\nXlayer"), max_size=8), max_size=6))
def test_batches_answer_as_single_lines(regex: str, lines: list[str]) -> None:
    compiled: Any = compile_regex(regex)
    expected = []
    for line in lines:
        match = compiled.search(line)
        groups = {} if match is None else match.groupdict()
        expected.append(Row({sanitised(name): text or "" for name, text in groups.items()}))
    assert extract(RegexpExtractor(regex), lines) == expected
