"""Batches whose rows are told apart by their lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from storage.batch import Batch
from storage.labels import Labels

__all__ = ["batch_of"]


def batch_of(streams: Sequence[dict[str, str]], stream_of_row: Sequence[int]) -> Batch:
    """A row a second from the epoch on."""
    rows = len(stream_of_row)
    ts = np.arange(rows, dtype=np.int64) * 10**9
    lines = pa.array([str(row) for row in range(rows)], pa.string())
    return Batch(tuple(Labels(each) for each in streams), np.array(stream_of_row, np.int32), ts, lines, {})
