"""Where sorted rows are cut into chunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_CHUNK_ROWS", "cuts"]

MAX_CHUNK_ROWS = 65_536  # bounds what a query holds of short lines


def cuts(line_bytes: NDArray[Any], chunk_bytes: int) -> Iterator[slice]:
    """Consecutive pieces of the rows, of about ``chunk_bytes`` of lines and at most MAX_CHUNK_ROWS rows.

    ``line_bytes`` is the size of the line of each row.
    """
    ends = np.cumsum(line_bytes, dtype=np.int64)
    start = 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        full = int(np.searchsorted(ends, before + chunk_bytes, "right"))
        stop = min(max(full, start + 1), start + MAX_CHUNK_ROWS)
        yield slice(start, min(stop, len(ends)))
        start = stop
