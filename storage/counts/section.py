"""The section ``counts`` of an index, to bytes and back. See docs/format/counts.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storage.column_section import chunks_of, end_to_end, pack_section, unpack_section
from storage.counts.counts import Cells
from storage.plane_columns import differences

__all__ = ["PartCounts"]

_MAX_BYTES = 1 << 30
_LEVEL = 3
_TYPES = (np.int32, np.int32, np.int32, np.int64, np.int64)  # the first three as differences


@dataclass(frozen=True, slots=True)
class PartCounts:
    """``chunks``: the cells of each chunk of the part, None for one that is not counted; ``levels`` name the codes."""

    levels: tuple[str, ...]
    chunks: Sequence[Cells | None]

    def to_bytes(self) -> bytes:
        cells = [chunk for chunk in self.chunks if chunk is not None]
        head = {"levels": self.levels, "cells": [None if chunk is None else len(chunk) for chunk in self.chunks]}
        columns = [
            differences(end_to_end([chunk.stream for chunk in cells], np.int32)),
            differences(end_to_end([chunk.minute for chunk in cells], np.int32)),
            differences(end_to_end([chunk.level for chunk in cells], np.int32)),
            end_to_end([chunk.entries for chunk in cells], np.int64),
            end_to_end([chunk.line_bytes for chunk in cells], np.int64),
        ]
        return pack_section(head, columns, _LEVEL)

    @classmethod
    def from_bytes(cls, data: bytes) -> PartCounts:
        """Raises ValueError for what is no section."""
        head, planes = unpack_section("counts", data, _MAX_BYTES)
        chunks = chunks_of(planes, head["cells"], _TYPES, differences=3)
        return cls(tuple(head["levels"]), tuple(None if columns is None else Cells(*columns) for columns in chunks))
