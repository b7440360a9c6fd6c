"""Copies of what is damaged do not overwrite each other, until there are very many."""

from __future__ import annotations

import pytest

from storage.stores.unused_name import unused_name

ALL = {"part.index", *(f"part.index.{number}" for number in range(1000))}


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        (set(), "part.index"),
        ({"part.index"}, "part.index.1"),
        ({"part.index", "part.index.1", "part.index.3"}, "part.index.2"),
        (ALL, "part.index"),
    ],
    ids=["none", "one", "a gap", "all"],
)
def test_the_first_name_that_is_free(taken: set[str], found: str) -> None:
    assert unused_name("part.index", taken.__contains__) == found
