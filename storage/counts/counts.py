"""The counts of one run of rows: cells, each the rows of one stream, level and minute.

A minute begins behind its first nanosecond and ends with its last one, a multiple of 60 s since the epoch: windows see
the times in (start, end], so those that begin and end with a minute see all of a cell or nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import Batch, MetadataColumn, string_array
from storage.counts.minutes import LAST_NS, MINUTE_NS
from storage.labels import Labels
from storage.source import BatchSource, Source

__all__ = ["COUNTS", "LEVEL", "MINUTE_NS", "Cells", "Counts"]

COUNTS = "counts"  # the section's name
LEVEL = "detected_level"


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns of (cells,): ``minute`` is the number of its end since the epoch, ``level`` -1 where rows have none.

    Ordered by stream, minute and level; no two agree in all three.
    """

    stream: NDArray[np.int32]
    minute: NDArray[np.int32]
    level: NDArray[np.int32]
    entries: NDArray[np.int64]
    line_bytes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.stream)


@dataclass(frozen=True, slots=True)
class Counts:
    """The rows of a source, counted.

    cells       a source of one row a cell, at the last time of its minute, with the level as its only metadata
    entries     (cells,) how many rows each stands for
    line_bytes  (cells,) UTF-8 bytes of their lines
    mixed       names of structured metadata that may differ within a cell
    """

    cells: Source
    entries: NDArray[np.int64]
    line_bytes: NDArray[np.int64]
    mixed: frozenset[str]

    @classmethod
    def of(
        cls, cells: Cells, streams: tuple[Labels, ...], levels: Sequence[str], metadata_names: Collection[str]
    ) -> Counts:
        """``metadata_names``: all that the rows may have."""
        minutes = cells.minute.astype(np.int64)
        ts = np.where(minutes > LAST_NS // MINUTE_NS, LAST_NS, minutes * MINUTE_NS)
        no_lines = string_array(np.zeros(len(cells) + 1, np.int32), np.empty(0, np.uint8))
        metadata = {LEVEL: MetadataColumn(cells.level, pa.array(levels, pa.string()))} if levels else {}
        batch = Batch(streams, cells.stream, ts, no_lines, metadata)
        return cls(BatchSource(batch), cells.entries, cells.line_bytes, frozenset(metadata_names) - {LEVEL})
