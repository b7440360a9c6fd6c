"""Columns of labels have a cell a row: how many there may be."""

from __future__ import annotations

import pytest

from logql.errors import LimitExceeded
from logql.parsers.columns import check_room


@pytest.mark.parametrize(("rows", "names"), [(0, 10**9), (1 << 26, 1), (1 << 13, 1 << 13)])
def test_there_is_room_up_to_the_bound(rows: int, names: int) -> None:
    check_room(rows, names)


@pytest.mark.parametrize(("rows", "names"), [((1 << 26) + 1, 1), (1 << 13, (1 << 13) + 1)])
def test_beyond_it_the_refusal_names_the_remedy(rows: int, names: int) -> None:
    with pytest.raises(LimitExceeded, match=f"too many different keys .*{names} in {rows} lines.*name the ones"):
        check_room(rows, names)
