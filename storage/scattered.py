"""Texts that lie in many arrays, taken by their place in all of them without joining the arrays first.

Joining a head copies every line once more, into fresh pages: more than half of what ordering its rows costs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import string_array, string_buffers
from storage.kernels import copy_texts

__all__ = ["ScatteredTexts"]


class ScatteredTexts:
    """The texts of pa.string() arrays, numbered through. ``sizes`` (texts, int32) is the bytes of each."""

    def __init__(self, arrays: Sequence[pa.Array]) -> None:
        self.arrays = tuple(arrays)  # kept alive: below there are only addresses
        buffers = [string_buffers(array) for array in self.arrays]
        self.sizes = np.concatenate([np.diff(offsets) for offsets, _ in buffers])
        self._places = np.concatenate([offsets[:-1] + np.int64(data.ctypes.data) for offsets, data in buffers])

    def __len__(self) -> int:
        return len(self.sizes)

    def take(self, rows: NDArray[np.intp]) -> pa.Array:
        """The texts of these numbers, below 2 GB together, as a pa.string() array."""
        offsets = np.zeros(len(rows) + 1, np.int32)
        np.cumsum(self.sizes[rows], out=offsets[1:])
        data = np.empty(offsets[-1], np.uint8)
        copy_texts(self._places[rows], offsets, data)
        return string_array(offsets, data)
