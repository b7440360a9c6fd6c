"""The whole load, decided by its size, seed and end: the same three make the same lines, streams and times.

Streams belong to hosts, five models each; a request carries the lines of one host, as an agent on that host would send
them. Times are spread evenly over the hour before ``end_ns``.
Some lines are planted: questions about them have known answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.formats import FORMATS, Rows, lines_of

__all__ = ["JOB", "MIN_LINES", "PLANTED", "SPAN_NS", "Block", "Planted", "Workload"]

JOB = "tensorrt-inference"
MODELS = ("yolov5s", "resnet50", "bert-base", "whisper-small", "sdxl-unet")
SPAN_NS = 3_600_000_000_000
BLOCK_REQUESTS = 100
PLANTED = len(FORMATS)  # the kind of a planted line
MIN_LINES = 1000


@dataclass(frozen=True, slots=True)
class Planted:
    """A line that occurs ``count`` times in the whole load, evenly spread, and nowhere else."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows of the load: ``lines`` a pa.string() array, the rest (rows,) arrays.

    ``kind`` indexes FORMATS, or is PLANTED.
    """

    lines: Any
    kind: NDArray[np.int64]
    stream: NDArray[np.int64]
    ts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Workload:
    """``lines`` (MIN_LINES or more) in ``streams`` streams, ``request_lines`` a request, in the hour to ``end_ns``."""

    lines: int
    streams: int
    seed: int
    end_ns: int
    request_lines: int = 1000

    @property
    def labels(self) -> list[dict[str, str]]:
        """The label set of each stream."""
        hosts = (f"gpu-node-{stream // len(MODELS):02d}" for stream in range(self.streams))
        return [
            {"job": JOB, "host": host, "model": MODELS[stream % len(MODELS)], "gpu": str(stream % 4)}
            for stream, host in enumerate(hosts)
        ]

    @property
    def rare_id(self) -> str:
        """An id that one line carries."""
        return np.random.default_rng((self.seed, 0xD)).bytes(8).hex()

    @property
    def planted(self) -> tuple[Planted, ...]:
        error = "[TRT] [E] [executionContext.cpp::enqueue::416] Error Code 1: CUDA error: "
        return (
            Planted(f"{error}out of memory during enqueue of a batch of 16", 10),
            Planted(f"{error}Illegal Memory Access while copying the output", 50),
            Planted(f"[TRT] [I] profiling layer by layer for request {self.rare_id}", 1),
        )

    def blocks(self) -> Iterator[Block]:
        """The load in order of time, a block of at most 100 requests at a time."""
        size = BLOCK_REQUESTS * self.request_lines
        for first in range(0, self.lines, size):
            yield self._block(first, min(size, self.lines - first))

    def _block(self, first: int, rows: int) -> Block:
        random = np.random.default_rng((self.seed, first))
        index = np.arange(first, first + rows)
        ts = self.end_ns - SPAN_NS + (index * (SPAN_NS // self.lines)) + 1
        stream = self._streams_of(index // self.request_lines, random)
        model = pa.array(MODELS).take(pa.array(stream % len(MODELS)))
        return self._planted(Block(*lines_of(random, Rows(model, ts)), stream, ts), index)

    def _streams_of(self, request: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
        hosts = -(-self.streams // len(MODELS))
        first = request % hosts * len(MODELS)
        models = np.minimum(len(MODELS), self.streams - first)
        return first + (random.random(len(request)) * models).astype(np.int64)

    def _planted(self, block: Block, index: NDArray[np.int64]) -> Block:
        lines, kind = block.lines, block.kind
        for offset, planted in enumerate(self.planted):
            mask = np.isin(index, self._places(planted, offset))
            lines = pc.replace_with_mask(lines, pa.array(mask), pa.array([planted.text] * int(mask.sum()), pa.string()))
            kind = np.where(mask, PLANTED, kind)
        return Block(lines, kind, block.stream, block.ts)

    def _places(self, planted: Planted, offset: int) -> NDArray[np.int64]:
        # A remainder of its own for each text keeps them off each other's rows.
        return (np.arange(planted.count) * 2 + 1) * self.lines // (2 * planted.count) // 3 * 3 + offset
