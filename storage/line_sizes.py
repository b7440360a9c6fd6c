"""How long lines are: of each row, and of each stream together. Read off the offsets, no line is looked at."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import string_buffers

__all__ = ["bytes_by_stream", "line_sizes"]


def line_sizes(lines: pa.Array) -> NDArray[np.int64]:
    """(rows,) UTF-8 bytes of each line."""
    offsets, _ = string_buffers(lines)
    return np.diff(offsets).astype(np.int64)


def bytes_by_stream(stream: NDArray[np.int32], lines: pa.Array, present: NDArray[np.int32]) -> NDArray[np.int64]:
    """(present,) bytes of the lines of each stream; ``present`` are ascending and have every one of ``stream``."""
    # Sums of floats are exact below 2**53.
    return np.bincount(np.searchsorted(present, stream), line_sizes(lines), len(present)).astype(np.int64)
