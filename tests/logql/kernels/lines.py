"""Arrays of lines as kernels get them: often a slice of a longer one, with bytes around them that are not theirs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from numpy.typing import NDArray

from storage.batch import string_buffers

__all__ = ["buffers_of", "line_arrays"]

Buffers = tuple[NDArray[np.int32], NDArray[np.uint8]]


def line_arrays(line: st.SearchStrategy[str], max_size: int = 8) -> st.SearchStrategy[pa.Array]:
    """Of up to ``max_size`` lines, with up to two strange ones before and behind."""
    around = st.lists(line, max_size=2)
    return st.builds(_sliced, around, st.lists(line, max_size=max_size), around)


def buffers_of(lines: Sequence[str]) -> Buffers:
    """What kernels are given for these lines."""
    return string_buffers(_sliced(["before"], lines, ["after"]))


def _sliced(before: Sequence[str], lines: Sequence[str], after: Sequence[str]) -> pa.Array:
    return pa.array([*before, *lines, *after], pa.string()).slice(len(before), len(lines))
