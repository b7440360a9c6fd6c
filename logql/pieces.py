"""A batch in pieces, for work whose time a line a user chooses: between two of them the query can be stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pyarrow as pa

from logql.cancel import check_query

__all__ = ["in_pieces"]

_FIRST_ROWS = 64
_GROWTH = 8
_SLOW_S = 0.05


def in_pieces(lines: pa.Array) -> Iterator[pa.Array]:
    """Slices of ``lines``, at least one row each; they grow until working on one takes noticeable time."""
    start, rows = 0, _FIRST_ROWS
    while start < len(lines):
        check_query()
        began_s = time.perf_counter()
        yield lines.slice(start, rows)
        start += rows
        if time.perf_counter() - began_s < _SLOW_S:
            rows *= _GROWTH
