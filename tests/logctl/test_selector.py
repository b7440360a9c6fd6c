"""Angle brackets: what is a selector and what is a comparison or text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logctl.selector import with_braces

TRANSLATED = [
    ('<model="yolov5s">', '{model="yolov5s"}'),
    ('<model="yolov5s"> |~ "out of memory"', '{model="yolov5s"} |~ "out of memory"'),
    ('  <model="x">', '  {model="x"}'),
    ('< model = "x" , gpu != "0" >', '{ model = "x" , gpu != "0" }'),
    ('<a=~"x.*",b!~"y">', '{a=~"x.*",b!~"y"}'),
    ("<a=~`x>y`>", "{a=~`x>y`}"),
    ('<a="x>y", b="\\">">', '{a="x>y", b="\\">"}'),
    ('<a="x",>', '{a="x",}'),
    ("<>", "{}"),
    ("< >", "{ }"),
    ('count_over_time(<model="x">[5m])', 'count_over_time({model="x"}[5m])'),
    ('sum by (host) (rate( <a="b"> |= "e" [1m]))', 'sum by (host) (rate( {a="b"} |= "e" [1m]))'),
    ('quantile_over_time(0.99, <a="b"> | unwrap x [1m])', 'quantile_over_time(0.99, {a="b"} | unwrap x [1m])'),
    ('rate(<a="b">[1m]) < 5', 'rate({a="b"}[1m]) < 5'),
    ('rate(<a="b">[1m])<rate(<c="d">[1m])', 'rate({a="b"}[1m])<rate({c="d"}[1m])'),
    ('rate(<a="b">[1m]) > bool 5', 'rate({a="b"}[1m]) > bool 5'),
    ('# <a="b">\n<c="d">', '# <a="b">\n{c="d"}'),
    ('<a="b"> # it\'s > 1\n | x > 1', '{a="b"} # it\'s > 1\n | x > 1'),
    ('<a="b"', '{a="b"'),
    ('<a="b', '{a="b'),
    ('<_a1="b">', '{_a1="b"}'),
]

UNTOUCHED = [
    "",
    "<",
    ">",
    '{a="b"}',
    '{a="<b=\\"c\\">"}',
    '{a="b"} |= "<c=\\"d\\">"',
    '{a="b"} |= `<c="d">`',
    '{a="b"} |> "<_> error <_>"',
    '{a="b"} !> `<_>`',
    '{a="b"} | pattern "<ip> - <user>"',
    '{a="b"} | latency < 5ms',
    '{a="b"} | latency<5ms and size>3',
    '{a="b"} | json | x <= 5 or y >= 6',
    '{a="b"} | (x < 5 and y > 6)',
    '{a="b"} | line_format "<a=`x`>"',
    'rate({a="b"}[1m]) < 5',
    'rate({a="b"}[1m]) > bool 5',
    "1 < 2",
    "(1 < 2) > bool 0",
    "(x<y)",
    '{<a="b">}',
    '"<a=\\"b\\">"',
    '`<a="b">',
    '# <a="b">',
    '<1a="b">',
    '<"a"="b">',
    "<a>",
    "<a==1>",
]


@pytest.mark.parametrize(("query", "expected"), TRANSLATED)
def test_a_selector_in_angle_brackets_gets_braces(query: str, expected: str) -> None:
    assert with_braces(query) == expected


@pytest.mark.parametrize("query", UNTOUCHED)
def test_everything_else_stays_as_it_is(query: str) -> None:
    assert with_braces(query) == query


FRAGMENTS = st.sampled_from(
    [
        "<",
        ">",
        "{",
        "}",
        "(",
        ")",
        '"',
        "`",
        "\\",
        "=",
        "=~",
        "!=",
        "|=",
        "|>",
        ",",
        " ",
        "\n",
        "#",
        "a",
        "b1",
        "5m",
        "[1m]",
    ]
)


@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_only_brackets_change_and_each_into_one_brace(query: str) -> None:
    translated = with_braces(query)
    assert len(translated) == len(query)
    for before, after in zip(query, translated, strict=True):
        assert (before, after) in (("<", "{"), (">", "}")) or before == after


@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_a_second_translation_changes_nothing_more(query: str) -> None:
    once = with_braces(query)
    assert with_braces(once) == once


STRINGS = st.text(max_size=12).map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


@given(st.lists(STRINGS, min_size=1, max_size=4), STRINGS)
def test_strings_never_end_a_selector_early(values: list[str], needle: str) -> None:
    matchers = ",".join(f"l{number}={value}" for number, value in enumerate(values))
    assert with_braces(f"rate(<{matchers}> |= {needle} [1m]) > 1") == f"rate({{{matchers}}} |= {needle} [1m]) > 1"
