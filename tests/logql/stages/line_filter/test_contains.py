"""``|= "text"``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.stages.line_filter.contains import contains
from tests.logql.stages.line_filter.matching import marked

LINES = ["", "foo", "FOO", "a foo b", "fo", "o", "foofoo", "naïve", "na\u00efve\0foo", "\n"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("foo", ["foo", "a foo b", "foofoo", "naïve\0foo"]),
        ("FOO", ["FOO"]),
        ("foof", ["foofoo"]),
        ("ï", ["naïve", "naïve\0foo"]),
        ("nai\u0308ve", []),  # bytes, not what they look like
        ("\0", ["naïve\0foo"]),
        ("\n", ["\n"]),
        ("f.o", []),
        ("", LINES),
        ("before", []),
    ],
)
def test_lines_that_contain_the_bytes(text: str, found: list[str]) -> None:
    assert marked(contains(text), LINES) == found


@given(text=st.text("aé", max_size=3), lines=st.lists(st.text("aé ", max_size=5), max_size=6))
def test_it_is_pythons_in(text: str, lines: list[str]) -> None:
    assert marked(contains(text), lines) == [line for line in lines if text in line]
