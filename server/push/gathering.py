"""Byte strings that lie scattered in a buffer, as one column."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from server.push.entries import Slices
from server.push.kernels import gather
from storage.batch import string_array

__all__ = ["gathered"]


def gathered(slices: Slices) -> pa.Array:
    """The slices as a pa.string() array with a buffer of its own, not yet known to be UTF-8."""
    offsets = np.zeros(len(slices) + 1, np.int32)
    np.cumsum(slices.sizes, out=offsets[1:])
    data = np.empty(offsets[-1], np.uint8)
    gather(slices.data, slices.start, slices.end, offsets, data)
    return string_array(offsets, data)
