"""The two floors that make figures of different machines comparable: C and D, both of one thread.

C is the rate at which zstd level 1 compresses the lines in frames of 1 MB, D the time in which those frames are
decompressed again. They are measured before and after the server's work; the best round counts, as noise only slows.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import zstandard

__all__ = ["FloorGauge", "Floors"]


@dataclass(frozen=True, slots=True)
class Floors:
    """``compress_mb_per_s`` is C, ``decompress_s`` is D for all lines; ``rounds`` is how often each was measured."""

    compress_mb_per_s: float
    decompress_s: float
    rounds: int


class FloorGauge:
    """Measures both floors, a round of each in turn, and remembers the best."""

    def __init__(self, frames: Sequence[bytes]) -> None:
        self._frames = frames
        self._size = sum(map(len, frames))
        self._compressor = zstandard.ZstdCompressor(level=1)
        self._decompressor = zstandard.ZstdDecompressor()
        self._compress_s: list[float] = []
        self._decompress_s: list[float] = []

    def measure(self, rounds: int = 3) -> None:
        for _ in range(rounds):
            started = time.perf_counter()
            compressed = [self._compressor.compress(frame) for frame in self._frames]
            self._compress_s.append(time.perf_counter() - started)
            started = time.perf_counter()
            for frame in compressed:
                self._decompressor.decompress(frame)
            self._decompress_s.append(time.perf_counter() - started)

    @property
    def floors(self) -> Floors:
        """The best so far; ``measure`` comes first."""
        return Floors(self._size / 1e6 / min(self._compress_s), min(self._decompress_s), len(self._compress_s))
