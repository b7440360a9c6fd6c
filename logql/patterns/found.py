"""The patterns of one source: mined from its lines, or as its part has kept them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.patterns.miner import PatternMiner
from logql.scan.frame import Frame
from logql.scan.sizes import Buckets
from storage.patterns import PatternCounts

__all__ = ["FoundPatterns", "kept_patterns", "mined_patterns"]

_LEVEL, _NO_LEVEL = "detected_level", "unknown"


@dataclass(frozen=True, slots=True)
class FoundPatterns:
    """``lines`` are of ``written[pattern]`` and ``levels[level]``, in a bucket; columns of one length."""

    written: Sequence[str]
    levels: Sequence[str]
    pattern: NDArray[np.int64]
    level: NDArray[np.int64]
    bucket: NDArray[np.int64]
    lines: NDArray[np.int64]


def mined_patterns(frame: Frame, buckets: Buckets) -> FoundPatterns:
    """Of the rows of ``frame``, all of which lie in ``buckets``."""
    miner = PatternMiner()
    numbers = miner.add(frame.line())
    written = miner.patterns()
    place = np.full(int(numbers.max(initial=-1)) + 2, -1)  # the last one is that of -1
    kept = {number: text for number, text in written.items() if number < len(place) - 1}
    place[list(kept)] = np.arange(len(kept))
    pattern = place[numbers]
    rows = np.flatnonzero(pattern >= 0)
    column = frame.label(_LEVEL)
    levels = [*column.values.to_pylist(), _NO_LEVEL]  # the last one is that of code -1
    level = column.codes[rows].astype(np.int64) % len(levels)
    ts = frame.ts()[rows] if len(rows) else np.zeros(0, np.int64)
    lines = np.ones(len(rows), np.int64)
    return _summed(FoundPatterns(list(kept.values()), levels, pattern[rows], level, buckets.of_all(ts), lines), buckets)


def kept_patterns(counts: PatternCounts, streams: NDArray[np.bool_], buckets: Buckets) -> FoundPatterns:
    """Of the wanted ``streams`` (of the source's table), all of each kept bucket that the window has a part of."""
    cells = counts.cells
    start_ns = cells.bucket.astype(np.int64) * counts.bucket_ns
    is_in = (start_ns > buckets.start_ns - counts.bucket_ns) & (start_ns < buckets.end_ns) & streams[cells.stream]
    ts = np.clip(start_ns[is_in], buckets.start_ns, None)
    levels = [*counts.levels, _NO_LEVEL]
    level = cells.level[is_in].astype(np.int64) % len(levels)
    pattern, lines = cells.pattern[is_in].astype(np.int64), cells.entries[is_in].astype(np.int64)
    return _summed(FoundPatterns(counts.patterns, levels, pattern, level, buckets.of_all(ts), lines), buckets)


def _summed(found: FoundPatterns, buckets: Buckets) -> FoundPatterns:
    """With one row for each pattern, level and bucket."""
    key = (found.pattern * len(found.levels) + found.level) * len(buckets) + found.bucket
    distinct, inverse = np.unique(key, return_inverse=True)
    kind, bucket = np.divmod(distinct, len(buckets))
    pattern, level = np.divmod(kind, len(found.levels))
    lines = np.bincount(inverse, found.lines, len(distinct)).astype(np.int64)
    return FoundPatterns(found.written, found.levels, pattern, level, bucket, lines)
