"""``|= "text"``: the bytes of the text stand somewhere in the line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.kernels import mark_containing
from storage.batch import string_buffers

__all__ = ["LineMatcher", "contains"]

LineMatcher = Callable[[pa.Array], NDArray[np.bool_]]


def contains(text: str) -> LineMatcher:
    """Every line contains the empty text."""
    if not text:
        return lambda lines: np.ones(len(lines), np.bool_)
    needle = np.frombuffer(text.encode(), np.uint8)
    return lambda lines: mark_containing(*string_buffers(lines), needle)
