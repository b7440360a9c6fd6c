"""Making the filters of a part while it is written, in bytes that are worth it.

How many bits a bitmap gets follows from how many grams there are, within a share of what the chunk's lines compress
to: first precision is given up, then the filter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

from storage.batch import Batch, string_buffers, string_text
from storage.filters.grams import SLOT_BITS
from storage.filters.kernels import fold_slots, mark_grams
from storage.filters.section import ChunkBitmaps, FilterTable

__all__ = ["FilterBuilder"]

_SLOTS = 1 << SLOT_BITS
_SHARE = 0.08  # parts that are compressed harder than the estimate stay below 0.1 with it
_SAMPLE_BYTES = 256 << 10
_FEW_SLOTS = 2048  # a bitmap of a few grams may as well be precise
_LEAST_BITS = 0.4  # a gram; below, nine of ten bits are set and hardly a chunk is skipped


class _Sizing(NamedTuple):
    """``bits`` a gram when there is room; at most ``share`` of the room that earlier kinds left."""

    bits: float
    share: float


_SIZINGS = (_Sizing(16.0, 0.25), _Sizing(6.0, 0.35), _Sizing(1.25, 1.0))


class FilterBuilder:
    """``add`` each chunk of a part, then ``to_bytes``: the section ``filters``.

    ``share`` of what the lines compress to, by an estimate, is the most that the bitmaps take.
    """

    def __init__(self, share: float = _SHARE) -> None:
        self._share = share
        self._chunks: list[ChunkBitmaps] = []

    def add(self, chunk: Batch) -> None:
        marks = [np.zeros(_SLOTS // 8, np.uint8) for _ in _SIZINGS]
        hides_text = mark_grams(*string_buffers(chunk.line), *marks)
        for column in chunk.metadata.values():
            mark_grams(*string_buffers(column.trimmed().values), *marks)
        room_bits = int(8 * self._share * _compressed_bytes(chunk))
        slots, bitmaps = [], []
        for kind, sizing in zip(marks, _SIZINGS, strict=True):
            size = _slot_count(kind, sizing, room_bits)
            room_bits -= size
            slots.append(size)
            bitmaps.append(fold_slots(kind, size).tobytes() if size else b"")
        self._chunks.append(ChunkBitmaps(hides_text, tuple(slots), tuple(bitmaps)))

    def to_bytes(self) -> bytes:
        return FilterTable.to_bytes(self._chunks)


def _compressed_bytes(chunk: Batch) -> float:
    """An estimate from a piece out of the middle of the lines."""
    text = string_text(chunk.line)
    middle = max(0, (len(text) - _SAMPLE_BYTES) // 2)
    sample = text[middle : middle + _SAMPLE_BYTES].tobytes()
    if not sample:
        return 0.0
    return len(zstandard.ZstdCompressor(level=3).compress(sample)) / len(sample) * len(text)


def _slot_count(marks: NDArray[np.uint8], sizing: _Sizing, room_bits: int) -> int:
    """Bits for a bitmap of these marks; 0 where it would say too little."""
    marked = int(np.bitwise_count(marks.view(np.uint64)).sum())
    if marked == _SLOTS:
        return 0
    grams = -_SLOTS * float(np.log1p(-marked / _SLOTS))  # those that share a slot are counted, too
    size = min(max(grams * sizing.bits, _FEW_SLOTS), room_bits * sizing.share, _SLOTS)
    return int(size) if size >= _LEAST_BITS * grams else 0
