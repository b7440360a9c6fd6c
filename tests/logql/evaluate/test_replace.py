"""``label_replace``: what matches, what it expands to, and series that become equal."""

from __future__ import annotations

import pytest

from logql.ast import LabelReplace
from logql.evaluate.replace import label_replace
from storage.text import go_quote
from tests.logql.evaluate.grids import operation, series_of, table_of


def replaced(target: str, replacement: str, source: str, regex: str, *texts: str) -> list[str]:
    quoted = ", ".join(map(go_quote, (target, replacement, source, regex)))
    expr = operation(f"label_replace(vector(1), {quoted})")
    assert isinstance(expr, LabelReplace)
    return list(table_of(label_replace(expr, series_of({text: [1.0] for text in texts}))))


@pytest.mark.parametrize(
    ("replacement", "regex", "value"),
    [
        ("$1-x", "(.)", None),
        ("$1-x", "(.*)", "web-7-x"),
        ("$1x", "(.*)", None),
        ("${1}x", "(.*)", "web-7x"),
        ("$2/$1", "(w)eb-(.)", "7/w"),
        ("$name!", "(?P<name>[a-z]+)-7", "web!"),
        ("${name}_", "(?P<name>[a-z]+)-7", "web_"),
        ("$0", "web.*", "web-7"),
        ("$$1", "(.*)", "$1"),
        ("$", "(.*)", "$"),
        ("${1", "(.*)", "${1"),
        ("$9", "(.*)", None),
        ("$1", "x|(web).*", "web"),
        ("$1", "(x)|web.*", None),
        ("\u00e9$1", "(w).*", "\u00e9w"),
        ("", ".*", None),
        ("$01", "(.*)", None),
    ],
)
def test_replacements_expand_as_in_go(replacement: str, regex: str, value: str | None) -> None:
    wanted = "a=web-7" if value is None else f"a=web-7,n={value}"
    assert replaced("n", replacement, "a", regex, "a=web-7") == [wanted]


@pytest.mark.parametrize("regex", ["web", "eb-7", "WEB-7", "^$"])
def test_the_regex_matches_all_of_the_value_or_nothing(regex: str) -> None:
    assert replaced("a", "gone", "a", regex, "a=web-7") == ["a=web-7"]


@pytest.mark.parametrize(
    ("target", "replacement", "source", "after"),
    [
        ("a", "", "a", "b=2"),
        ("a", "x", "a", "a=x,b=2"),
        ("n", "x", "missing", "a=1,b=2,n=x"),
        ("b", "$1", "a", "a=1,b=1"),
        ("a b", "x", "a", "a=1,a b=x,b=2"),
    ],
)
def test_targets_are_set_or_deleted(target: str, replacement: str, source: str, after: str) -> None:
    assert replaced(target, replacement, source, "(.*)", "a=1,b=2") == [after]


def test_series_that_become_equal_stay_apart_where_they_meet() -> None:
    assert replaced("a", "", "a", ".*", "a=1", "a=2", "a=3,b=1") == ["", "'", "b=1"]
