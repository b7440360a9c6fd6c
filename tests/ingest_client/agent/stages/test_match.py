"""``match`` and its selectors."""

from __future__ import annotations

import pytest

from ingest_client.agent.selector import BadSelector, parse_selector
from ingest_client.agent.stages.stage import Context
from tests.ingest_client.agent.stages.running import built, mistakes, rows


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        ('{job="a"}', True),
        ('{job="b"}', False),
        ('{job!="b", none=""}', True),
        ('{job=~"a|c",}', True),
        ('{job=~"xa"}', False),
        ('{job!~"a.*"}', False),
        ("{}", True),
        ('{job="a"} |= "err"', True),
        ('{job="a"} != "err"', False),
        ('{job="a"} |~ "^an e"', True),
        ('{job="a"} !~ `e[r]+` |= "x"', False),
        ('{job="a"} |= "tab\\t" or', None),
        ('{job="a"} | json', None),
        ('{job="a"', None),
        ("job=a", None),
        ('{job=~"("}', None),
    ],
)
def test_selectors(selector: str, matches: bool | None) -> None:
    (row,) = rows("an error\t", job="a")
    if matches is None:
        with pytest.raises(BadSelector):
            parse_selector(selector)
    else:
        assert parse_selector(selector)(row) is matches


def test_only_what_matches_goes_through_the_stages_and_the_order_stays() -> None:
    pipeline = built("""[{match: {selector: '{job="a"} |= "x"', stages: [{static_labels: {hit: "1"}}]}}]""")
    out = pipeline.run([*rows("x1", "y"), *rows("x2", "y2", "x3", job="a")])
    assert [(row.line, row.labels.get("hit")) for row in out] == [
        ("x1", None),
        ("y", None),
        ("x2", "1"),
        ("y2", None),
        ("x3", "1"),
    ]


def test_what_matches_can_be_dropped() -> None:
    context = Context()
    pipeline = built("""[{match: {selector: '{} |= "[V]"', action: drop, drop_counter_reason: verbose}}]""", context)
    assert [row.line for row in pipeline.run(rows("[V] a", "[I] b"))] == ["[I] b"]
    assert context.dropped["verbose"] == 1


def test_what_is_held_inside_comes_out_and_survives() -> None:
    text = "[{match: {selector: '{}', stages: [{multiline: {firstline: '^1'}}]}}, {static_labels: {after: x}}]"
    before, after = built(text), built(text)
    before.run(rows("1", "a"))
    after.restore(before.state())
    assert [(row.line, row.labels) for row in after.finish()] == [("1\na", {"after": "x"})]


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ("{}", "selector: this key is needed"),
        ("{selector: '{}'}", "stages: are needed"),
        ("{selector: '{}', action: drop, stages: [{docker: }]}", "leave them out"),
        ("{selector: '{}', action: hold}", "keep or drop"),
        ("{selector: '{}', stages: [{dockr: }]}", "match.stages[0].dockr: no such stage; did you mean 'docker'?"),
    ],
)
def test_mistakes(options: str, cause: str) -> None:
    assert cause in "\n".join(mistakes(f"[{{match: {options}}}]"))
