"""The section ``patterns`` of an index, to bytes and back. See docs/format/patterns.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storage.column_section import chunks_of, end_to_end, pack_section, unpack_section
from storage.patterns.counts import PatternCells, PatternCounts
from storage.plane_columns import differences

__all__ = ["PartPatterns"]

_VERSION = 1
_MAX_BYTES = 1 << 28
_LEVEL = 9
_TYPES = (np.int32,) * 5  # all but the last as differences
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class PartPatterns:
    """``chunks``: the cells of each chunk of the part; None where what it holds would have been too much to keep."""

    patterns: tuple[str, ...]
    levels: tuple[str, ...]
    bucket_s: int
    chunks: Sequence[PatternCells | None]

    def counts(self) -> tuple[PatternCounts | None, ...]:
        """Of each chunk."""
        return tuple(
            None if cells is None else PatternCounts(self.patterns, self.levels, self.bucket_s * _NS, cells)
            for cells in self.chunks
        )

    def to_bytes(self) -> bytes:
        kept = [cells for cells in self.chunks if cells is not None]
        sizes = [None if cells is None else len(cells) for cells in self.chunks]
        about = {"version": _VERSION, "bucket_s": self.bucket_s, "levels": self.levels, "cells": sizes}
        columns = [
            differences(end_to_end([cells.stream for cells in kept], np.int32)),
            differences(end_to_end([cells.pattern for cells in kept], np.int32)),
            differences(end_to_end([cells.level for cells in kept], np.int32)),
            differences(end_to_end([cells.bucket for cells in kept], np.int32)),
            end_to_end([cells.entries for cells in kept], np.int32),
        ]
        return pack_section(about | {"patterns": self.patterns}, columns, _LEVEL)

    @classmethod
    def from_bytes(cls, data: bytes) -> PartPatterns:
        """Raises ValueError for what is no section, or one of a newer version."""
        head, planes = unpack_section("patterns", data, _MAX_BYTES)
        if head["version"] != _VERSION:
            raise ValueError(f"patterns of version {head['version']} are not known here")
        chunks = chunks_of(planes, head["cells"], _TYPES, differences=4)
        cells = tuple(None if columns is None else PatternCells(*columns) for columns in chunks)
        return cls(tuple(head["patterns"]), tuple(head["levels"]), head["bucket_s"], cells)
