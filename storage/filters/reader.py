"""Asking the filters of a part: which of its chunks may hold a text, all of them in one call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from storage.filters.grams import GramKeys
from storage.filters.kernels import set_in_all
from storage.filters.section import FilterTable

__all__ = ["PartFilters"]


class PartFilters:
    """Over the bytes of the section, which it holds without a copy."""

    def __init__(self, data: bytes) -> None:
        """Raises ValueError for bytes that are no filters."""
        self._table = FilterTable.from_bytes(data)
        self.size_bytes = len(data)

    def __len__(self) -> int:
        return len(self._table.hides_text)

    def may_hold(self, keys: GramKeys) -> NDArray[np.bool_]:
        """(chunks,) False where no line and no value of metadata holds the text of ``keys``."""
        possible = np.ones(len(self), np.bool_)
        for kind, slots in enumerate(keys.slots):
            if len(slots):
                table = self._table
                possible &= set_in_all(table.bitmaps, table.starts[kind], table.slots[kind], slots)
        return possible

    @property
    def hides_text(self) -> NDArray[np.bool_]:
        """(chunks,) where a parsed value may be in no line as it is, see ``storage.filters.escapes``."""
        return self._table.hides_text
