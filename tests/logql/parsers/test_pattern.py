"""``| pattern``: the examples of the language page, and the kernel against its twin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.parsers.pattern import PatternExtractor
from logql.parsers.rows import Row
from tests.logql.parsers.reading import extract, load

load()

ACCESS = '<ip> - - [<_>] "<method> <path> <_>" <status> <size> <_>'


@pytest.mark.parametrize(
    ("pattern", "line", "labels"),
    [
        ("<x>bar", "GET", {"x": "GET"}),
        ("<x>bar", "bar", {"x": ""}),
        ("<x>bar", "a bar and bar", {"x": "a "}),
        ("<m> <path> <st>", "GET", {"m": "GET"}),
        ("<m> <path> <st>", "GET /a 200 ok", {"m": "GET", "path": "/a", "st": "200 ok"}),
        ("<m> <path> <st>", "a  b", {"m": "a", "path": "", "st": "b"}),
        ("<m> <path> <st>", "a b ", {"m": "a", "path": "b", "st": ""}),
        ("at <x>", "at home", {"x": "home"}),
        ("at <x>", "look at home", {}),
        ("at <x>", "at", {}),
        ("at <x>", "at ", {"x": ""}),
        ("<x>", "", {}),
        ("<_> <x>", "a", {}),
        ("<é> <x>é", "<é> né", {"x": "n"}),
        (
            ACCESS,
            '10.0.0.1 - - [20/Nov/2026] "POST /v2 HTTP/1.1" 200 17 "-" "c"',
            {"ip": "10.0.0.1", "method": "POST", "path": "/v2", "status": "200", "size": "17"},
        ),
    ],
)
def test_captures_become_labels(pattern: str, line: str, labels: dict[str, str]) -> None:
    assert extract(PatternExtractor(pattern), [line]) == [Row(labels)]


def test_only_needed_captures_are_answered() -> None:
    assert extract(PatternExtractor("<a> <b> <c>"), ["x y z"], frozenset("b")) == [Row({"b": "y"})]
    assert extract(PatternExtractor("<a> <b> <c>"), ["x y z"], frozenset("q")) == [Row()]


def captured(items: list[str], line: str) -> dict[str, str]:
    """The language page in a few lines: names at even places, literals at odd ones; the first literal may be ""."""
    if not line or not line.startswith(items[0]):
        return {}
    labels, rest = {}, line[len(items[0]) :]
    for name, literal in zip(items[1::2], items[2::2], strict=True):
        text, found, behind = rest.partition(literal) if literal else (rest, "", "")
        labels[name] = text
        if not found:
            break
        rest = behind
    labels.pop("_", None)
    return labels


LITERALS = st.text(st.sampled_from("ab é"), min_size=1, max_size=3)


@given(st.data())
def test_the_kernel_answers_as_the_page_says(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True))
    between = [data.draw(LITERALS) for _ in names[1:]]
    literals = [data.draw(LITERALS | st.just("")), *between, data.draw(LITERALS | st.just(""))]
    items = [literals[0]]
    for name, literal in zip(names, literals[1:], strict=True):
        items += [name, literal]
    pattern = literals[0] + "".join(f"<{name}>{literal}" for name, literal in zip(names, literals[1:], strict=True))
    lines = data.draw(st.lists(st.text(st.sampled_from("ab é"), max_size=12), max_size=5))
    assert extract(PatternExtractor(pattern), lines) == [Row(captured(items, line)) for line in lines]
