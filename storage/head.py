"""The rows of a tenant that are in the log but in no part yet, in memory and readable.

Small pushes are joined as they pile up, so that a query meets few and big batches whatever the clients' habits:
a run takes in the runs before it that are not longer, so a row is copied about log2(rows of a full run) times.
"""

from __future__ import annotations

from storage.batch import Batch, string_bytes
from storage.concat import concat
from storage.source import BatchSource

__all__ = ["Head", "batch_bytes"]

_JOIN_AT = 64  # small batches
_FULL_RUN_ROWS = 65_536  # neither joined with more rows nor with more bytes than this
_FULL_RUN_BYTES = 4 << 20
_BATCH_OVERHEAD_BYTES = 2048  # Python and Arrow objects around a batch of a single row


def batch_bytes(batch: Batch) -> int:
    """About what a batch holds in memory."""
    metadata = sum(column.codes.nbytes + string_bytes(column.values) for column in batch.metadata.values())
    return batch.stream.nbytes + batch.ts.nbytes + string_bytes(batch.line) + metadata + _BATCH_OVERHEAD_BYTES


class Head:
    """Not thread-safe: its tenant's lock guards it."""

    def __init__(self, created_s: float) -> None:
        self.created_s = created_s
        self.last_sequence = -1
        self.bytes = 0
        self.rows = 0
        self._small: list[Batch] = []
        self._joined: list[BatchSource] = []

    def add(self, sequence: int, batch: Batch, size_bytes: int) -> None:
        self.last_sequence = max(self.last_sequence, sequence)
        self.bytes += size_bytes
        self.rows += len(batch)
        self._small.append(batch)
        if len(self._small) >= _JOIN_AT:
            self._join()

    def sources(self) -> tuple[BatchSource, ...]:
        """All rows, in the order they came."""
        self._join()
        return tuple(self._joined)

    def _join(self) -> None:
        if not self._small:
            return
        batches, self._small = self._small, []
        rows = sum(map(len, batches))
        line_bytes = sum(string_bytes(batch.line) for batch in batches)
        while self._joined and len(self._joined[-1]) <= rows < _FULL_RUN_ROWS and line_bytes < _FULL_RUN_BYTES:
            last = self._joined.pop().batch
            batches.insert(0, last)
            rows += len(last)
            line_bytes += string_bytes(last.line)
        self._joined.append(BatchSource(concat(batches)))
