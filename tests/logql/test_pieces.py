"""Batches in pieces that lose no row and that a query can stop between."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.cancel import Cancel
from logql.errors import QueryCancelled
from logql.pieces import in_pieces


@given(st.integers(0, 2000), st.integers(0, 100))
def test_pieces_are_the_whole_in_order(rows: int, offset: int) -> None:
    lines = pa.array([str(row) for row in range(rows)], pa.string()).slice(offset)
    pieces = list(in_pieces(lines))
    assert [text for piece in pieces for text in piece.to_pylist()] == lines.to_pylist()
    assert all(map(len, pieces))


def test_a_query_stops_between_two_pieces() -> None:
    cancel = Cancel()
    with cancel.watching():
        pieces = in_pieces(pa.array(["x"] * 10_000, pa.string()))
        assert 0 < len(next(pieces)) < 10_000
        cancel.cancel()
        with pytest.raises(QueryCancelled):
            next(pieces)
