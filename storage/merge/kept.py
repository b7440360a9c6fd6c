"""The rows of the inputs that stay: known before anything is written, for the name of the output follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xxhash
from numpy.typing import NDArray

from storage.labels import Labels
from storage.merge.hooks import MergeHooks
from storage.part import Part
from storage.part.part import PartChunk

__all__ = ["Kept", "KeptChunk"]


@dataclass(frozen=True, slots=True)
class KeptChunk:
    """A chunk of ``part`` of which some row stays. ``bits`` is the mask of those rows, packed; None if all stay."""

    part: Part
    number: int
    bits: NDArray[np.uint8] | None

    @property
    def chunk(self) -> PartChunk:
        return self.part.chunks[self.number]

    @property
    def mask(self) -> NDArray[np.bool_] | None:
        return None if self.bits is None else np.unpackbits(self.bits, count=len(self.chunk)).view(np.bool_)

    def labels(self) -> set[Labels]:
        """The streams whose rows stay."""
        mask = self.mask
        present = self.chunk.present if mask is None else np.unique(self.chunk.stream()[mask])
        return {self.part.index.streams[number] for number in present.tolist()}

    def bounds(self) -> tuple[int, int]:
        """The first and the last time of the rows that stay."""
        mask = self.mask
        if mask is None:
            return self.chunk.min_ts, self.chunk.max_ts
        ts = self.chunk.ts()[mask]
        return int(ts.min()), int(ts.max())


class Kept:
    """``chunks`` of each input in the order of its rows."""

    def __init__(self, inputs: Sequence[Part], hooks: MergeHooks) -> None:
        """Asks ``hooks.keep`` of each chunk. Raises CorruptData, OSError."""
        self._digest = xxhash.xxh3_64()
        self.rows = 0
        self.chunks = [list(self._judged(part, hooks)) for part in inputs]

    def __iter__(self) -> Iterator[KeptChunk]:
        return (chunk for chunks in self.chunks for chunk in chunks)

    @property
    def digest(self) -> str:
        """Follows from the inputs and from what is left out."""
        return self._digest.hexdigest()

    def streams(self) -> tuple[Labels, ...]:
        """The streams of all rows that stay, sorted by text."""
        found: set[Labels] = set()
        for chunk in self:
            found |= chunk.labels()
        return tuple(sorted(found, key=lambda labels: labels.text))

    def bounds(self) -> tuple[int, int]:
        """The first and the last time of all rows that stay, of which there must be one."""
        first, last = zip(*(chunk.bounds() for chunk in self), strict=True)
        return min(first), max(last)

    def _judged(self, part: Part, hooks: MergeHooks) -> Iterator[KeptChunk]:
        self._digest.update(part.index.key.encode() + b"\n")
        for number, chunk in enumerate(part.chunks):
            mask = hooks.keep(chunk)
            bits = None if mask is None or mask.all() else np.packbits(mask)
            if bits is not None:
                assert mask is not None
                self._digest.update(number.to_bytes(8, "little") + bits.tobytes())
            self.rows += len(chunk) if mask is None else int(mask.sum())
            if mask is None or mask.any():
                yield KeptChunk(part, number, bits)
