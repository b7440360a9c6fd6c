"""The section ``patterns`` of an index, to bytes and back. See docs/format/patterns.md."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

from storage.patterns.counts import PatternCells, PatternCounts
from storage.plane_columns import column_planes, columns_of_planes, differences

__all__ = ["PartPatterns"]

_VERSION = 1
_MAX_BYTES = 1 << 28  # a damaged frame must not make us allocate more than this
_HEAD = struct.Struct("<I")
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
        head = orjson.dumps(about | {"patterns": self.patterns})
        columns = [
            differences(_joined([cells.stream for cells in kept])),
            differences(_joined([cells.pattern for cells in kept])),
            differences(_joined([cells.level for cells in kept])),
            differences(_joined([cells.bucket for cells in kept])),
            _joined([cells.entries for cells in kept]),
        ]
        body = b"".join([_HEAD.pack(len(head)), head, *map(column_planes, columns)])
        return zstandard.ZstdCompressor(level=9).compress(body)

    @classmethod
    def from_bytes(cls, data: bytes) -> PartPatterns:
        """Raises ValueError for what is no section, or one of a newer version."""
        try:
            body = zstandard.ZstdDecompressor().decompress(data, max_output_size=_MAX_BYTES)
            (length,) = _HEAD.unpack_from(body)
        except (zstandard.ZstdError, struct.error) as error:
            raise ValueError(f"not a section of patterns: {error}") from error
        head = orjson.loads(body[_HEAD.size : _HEAD.size + length])
        if head["version"] != _VERSION:
            raise ValueError(f"patterns of version {head['version']} are not known here")
        sizes = [0 if size is None else int(size) for size in head["cells"]]
        *keys, entries = columns_of_planes(body[_HEAD.size + length :], sum(sizes), _TYPES)
        columns = [*(np.cumsum(key, dtype=np.int32) for key in keys), entries]
        ends = np.cumsum([0, *sizes]).tolist()
        chunks = [
            None if size is None else PatternCells(*(column[start:end] for column in columns))
            for size, start, end in zip(head["cells"], ends, ends[1:], strict=False)
        ]
        return cls(tuple(head["patterns"]), tuple(head["levels"]), head["bucket_s"], tuple(chunks))


def _joined(columns: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate([np.zeros(0, np.int32), *columns])
