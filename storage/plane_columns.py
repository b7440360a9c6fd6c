"""Columns of integers as bytes that compress well: by planes, the lowest byte of all numbers, then the next ones.

The upper planes are mostly zeros, which cost nothing; who knows that they are all zeros leaves them out. See
docs/format/counts.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["column_planes", "columns_of_planes", "differences"]


def differences(column: NDArray[np.int32]) -> NDArray[np.int32]:
    """Each number as what it adds to the one before, the first to 0."""
    return np.diff(column, prepend=np.int32(0))


def column_planes(column: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(column.view(np.uint8).reshape(-1, column.dtype.itemsize).T).tobytes()


def columns_of_planes(data: bytes, rows: int, types: Sequence[type[np.generic]]) -> list[NDArray[Any]]:
    """Columns of so many rows that stand one behind the other. Raises ValueError where ``data`` is too short."""
    columns: list[NDArray[Any]] = []
    offset = 0
    for dtype in types:
        size = np.dtype(dtype).itemsize
        planes = np.frombuffer(data, np.uint8, rows * size, offset).reshape(size, rows)
        columns.append(np.ascontiguousarray(planes.T).reshape(-1).view(dtype))
        offset += rows * size
    return columns
