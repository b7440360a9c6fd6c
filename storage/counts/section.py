"""The section ``counts`` of an index, to bytes and back. See docs/format/counts.md."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

from storage.counts.counts import Cells
from storage.plane_columns import column_planes, columns_of_planes, differences

__all__ = ["PartCounts"]

_MAX_BYTES = 1 << 30  # a damaged frame must not make us allocate more than this
_HEAD = struct.Struct("<I")
_TYPES = (np.int32, np.int32, np.int32, np.int64, np.int64)  # the first three as differences


@dataclass(frozen=True, slots=True)
class PartCounts:
    """``chunks``: the cells of each chunk of the part, None for one that is not counted; ``levels`` name the codes."""

    levels: tuple[str, ...]
    chunks: Sequence[Cells | None]

    def to_bytes(self) -> bytes:
        cells = [chunk for chunk in self.chunks if chunk is not None]
        head = orjson.dumps(
            {"levels": self.levels, "cells": [None if chunk is None else len(chunk) for chunk in self.chunks]}
        )
        columns = [
            differences(_joined([chunk.stream for chunk in cells], np.int32)),
            differences(_joined([chunk.minute for chunk in cells], np.int32)),
            differences(_joined([chunk.level for chunk in cells], np.int32)),
            _joined([chunk.entries for chunk in cells], np.int64),
            _joined([chunk.line_bytes for chunk in cells], np.int64),
        ]
        body = b"".join([_HEAD.pack(len(head)), head, *map(column_planes, columns)])
        return zstandard.ZstdCompressor(level=3).compress(body)

    @classmethod
    def from_bytes(cls, data: bytes) -> PartCounts:
        """Raises ValueError for what is no section."""
        try:
            body = zstandard.ZstdDecompressor().decompress(data, max_output_size=_MAX_BYTES)
            (length,) = _HEAD.unpack_from(body)
        except (zstandard.ZstdError, struct.error) as error:
            raise ValueError(f"not a section of counts: {error}") from error
        head = orjson.loads(body[_HEAD.size : _HEAD.size + length])
        sizes = [0 if size is None else int(size) for size in head["cells"]]
        found = columns_of_planes(body[_HEAD.size + length :], sum(sizes), _TYPES)
        columns: list[NDArray[Any]] = [
            np.cumsum(column, dtype=np.int32) if column.dtype == np.int32 else column for column in found
        ]
        ends = np.cumsum([0, *sizes]).tolist()
        chunks = [
            None if size is None else Cells(*(column[start:end] for column in columns))
            for size, start, end in zip(head["cells"], ends, ends[1:], strict=False)
        ]
        return cls(tuple(head["levels"]), tuple(chunks))


def _joined(columns: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *columns])
