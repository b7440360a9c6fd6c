"""Names made of keys."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.parsers.names import sanitised


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("é", "_"),
        ("k-1", "k_1"),
        ("0n", "_0n"),
        ("b'", "b_"),
        ("", ""),
        (" \t", ""),
        ("\u00a0a\u3000", "a"),
        ("\x1ca", "_a"),
        (" 1", "_1"),
        ("a b", "a_b"),
        ("٣", "_"),
        ("😀😀", "__"),
    ],
)
def test_keys_become_names(key: str, name: str) -> None:
    assert sanitised(key) == name


@given(st.text())
def test_names_are_plain_and_stay_what_they_are(key: str) -> None:
    name = sanitised(key)
    assert re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)?", name)
    assert sanitised(name) == name
