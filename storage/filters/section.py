"""The bytes of the section ``filters``: for each chunk its bitmaps, and how many bits each of them has.

A header of eight bytes, a byte of flags a chunk, the slots of each kind and chunk as uint32, kind by kind, then the
bitmaps, chunk by chunk and kind by kind. All integers are little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storage.filters.grams import KINDS

__all__ = ["ChunkBitmaps", "FilterTable"]

_HEADER = struct.Struct("<II")
_VERSION = 1
_HIDES_TEXT = 1


@dataclass(frozen=True, slots=True)
class ChunkBitmaps:
    """The filter of one chunk: of each kind how many bits it has (0: none is kept) and its bitmap.

    hides_text   see ``storage.filters.escapes``
    """

    hides_text: bool
    slots: tuple[int, ...]
    bitmaps: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class FilterTable:
    """The filters of all chunks: ``hides_text`` (chunks,), ``slots`` and ``starts`` (kinds, chunks), ``bitmaps``."""

    hides_text: NDArray[np.bool_]
    slots: NDArray[np.int64]
    starts: NDArray[np.int64]
    bitmaps: NDArray[np.uint8]

    @staticmethod
    def to_bytes(chunks: Sequence[ChunkBitmaps]) -> bytes:
        flags = bytes(_HIDES_TEXT * chunk.hides_text for chunk in chunks)
        slots = np.array([chunk.slots for chunk in chunks], "<u4").reshape(-1, KINDS).T
        bitmaps = (bitmap for chunk in chunks for bitmap in chunk.bitmaps)
        return b"".join([_HEADER.pack(_VERSION, len(chunks)), flags, slots.tobytes(), *bitmaps])

    @classmethod
    def from_bytes(cls, data: bytes) -> FilterTable:
        """Nothing is copied but the table of sizes. Raises ValueError when the sizes do not add up."""
        if len(data) < _HEADER.size:
            raise ValueError("the filters are cut off")
        version, chunks = _HEADER.unpack_from(data)
        if version != _VERSION:
            raise ValueError(f"filters of version {version} are not known here")
        flags = np.frombuffer(data, np.uint8, chunks, _HEADER.size)
        slots = np.frombuffer(data, "<u4", KINDS * chunks, _HEADER.size + chunks).reshape(KINDS, chunks)
        sizes = (slots.T.astype(np.int64).ravel() + 7) // 8
        starts = (np.cumsum(sizes) - sizes).reshape(-1, KINDS).T
        bitmaps = np.frombuffer(data, np.uint8, offset=_HEADER.size + chunks + slots.nbytes)
        if sizes.sum() != len(bitmaps):
            raise ValueError("the filters have not the size that their table says")
        return cls(flags & _HIDES_TEXT != 0, slots.astype(np.int64), np.ascontiguousarray(starts), bitmaps)
