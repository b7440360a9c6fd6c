"""One line, read exactly. What the row parsers answer, and what the columns of odd lines are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.cancel import check_query
from storage.batch import string_buffers

__all__ = ["Row", "read_rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """The labels of a line. ``has_error`` without ``error``: the line is faulty, but there are no details.

    is_complete  with expressions: whether there was something for each of them
    line         what replaces the line, if anything
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    has_error: bool = False
    is_complete: bool = True
    line: str | None = None


def read_rows(lines: pa.Array, mask: NDArray[np.bool_], read: Callable[[bytes], Row]) -> dict[int, Row]:
    """``read`` of each line where ``mask`` (rows,) is set, by row."""
    offsets, data = string_buffers(lines)
    found = {}
    for row in np.flatnonzero(mask).tolist():
        check_query()
        found[row] = read(data[offsets[row] : offsets[row + 1]].tobytes())
    return found
