"""``|= "text"``: the bytes of the text stand somewhere in the line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.kernels import mark_containing, mark_containing_any_case
from storage.batch import string_buffers

__all__ = ["LineMatcher", "contains", "contains_any_case"]

# From the commonest byte of log lines to the rarest; what is missing here is rarer still.
_COMMON = b' e0t1a2o3i4n5r6s7l8d9c"u:m=p.-,_/f[]h()gbvywxkqzj'

LineMatcher = Callable[[pa.Array], NDArray[np.bool_]]


def contains(text: str) -> LineMatcher:
    """Every line contains the empty text."""
    if not text:
        return lambda lines: np.ones(len(lines), np.bool_)
    needle = np.frombuffer(text.encode(), np.uint8)
    return lambda lines: mark_containing(*string_buffers(lines), needle)


def contains_any_case(text: str) -> LineMatcher:
    """``text`` is ASCII in lower case, not empty; letters match in both cases."""
    needle = text.encode()
    first, *others = sorted(range(len(needle)), key=lambda place: _commonness(needle[place]))
    second = next((place for place in others if needle[place] != needle[first]), first)
    column = np.frombuffer(needle, np.uint8)
    return lambda lines: mark_containing_any_case(*string_buffers(lines), column, first, second)


def _commonness(byte: int) -> int:
    place = _COMMON.find(byte)
    return len(_COMMON) - place if place >= 0 else 0
