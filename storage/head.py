"""The rows of a tenant that are in the log but in no part yet, in memory and readable.

Small pushes are joined as they pile up, so that a query meets few and big batches whatever the clients' habits:
a run takes in the runs before it that are not longer, so a row is copied about log2(rows of a full run) times. Long
pushes are joined when somebody reads them: most heads become a part before anybody does.
"""

from __future__ import annotations

from storage.batch import Batch, string_bytes
from storage.concat import concat
from storage.source import BatchSource

__all__ = ["Head", "batch_bytes"]

_JOIN_AT = 64  # batches
_FULL_RUN_ROWS = 65_536  # neither joined with more rows nor with more bytes than this
_FULL_RUN_BYTES = 4 << 20
_CODE_BYTES = 4
_BATCH_OVERHEAD_BYTES = 2048  # Python and Arrow objects around a batch of a single row


def batch_bytes(batch: Batch) -> int:
    """About what a batch holds in memory."""
    metadata = sum(column.codes.nbytes + string_bytes(column.values) for column in batch.metadata.values())
    return batch.stream.nbytes + batch.ts.nbytes + string_bytes(batch.line) + metadata + _BATCH_OVERHEAD_BYTES


class _Run:
    """Batches that are one batch to a reader."""

    def __init__(self, pieces: list[BatchSource]) -> None:
        self.pieces = pieces
        self.rows = sum(map(len, pieces))
        self.line_bytes = sum(piece.line_bytes for piece in pieces)

    def source(self) -> BatchSource:
        if len(self.pieces) > 1:
            self.pieces = [BatchSource(concat([piece.batch for piece in self.pieces]))]
        return self.pieces[0]


class Head:
    """Not thread-safe: its tenant's lock guards it."""

    def __init__(self, created_s: float) -> None:
        self.created_s = created_s
        self.last_sequence = -1
        self.rows = 0
        self._own_bytes = 0
        self._own_codes = 0
        self._names: set[str] = set()
        self._pile: list[BatchSource] = []
        self._runs: list[_Run] = []

    @property
    def bytes(self) -> int:
        """About what the rows hold as one batch, where each name of metadata has a code for every row."""
        return self._own_bytes + _CODE_BYTES * (self.rows * len(self._names) - self._own_codes)

    def add(self, sequence: int, batch: Batch, size_bytes: int) -> None:
        self.last_sequence = max(self.last_sequence, sequence)
        self._own_bytes += size_bytes
        self._own_codes += len(batch) * len(batch.metadata)
        self._names.update(batch.metadata)
        self.rows += len(batch)
        self._pile.append(BatchSource(batch))
        if len(self._pile) >= _JOIN_AT:
            run = self._end_pile()
            if run.line_bytes < _FULL_RUN_BYTES:
                run.source()

    def sources(self) -> tuple[BatchSource, ...]:
        """All rows, in the order they came."""
        if self._pile:
            self._end_pile()
        return tuple(run.source() for run in self._runs)

    def pieces(self) -> list[BatchSource]:
        """The rows of ``sources``, in the same order, as they lie: nothing is joined for the caller."""
        return [piece for run in self._runs for piece in run.pieces] + self._pile

    def _end_pile(self) -> _Run:
        """The pile as a run, with the runs that it takes in."""
        run, self._pile = _Run(self._pile), []
        while self._runs and self._runs[-1].rows <= run.rows < _FULL_RUN_ROWS and run.line_bytes < _FULL_RUN_BYTES:
            run = _Run(self._runs.pop().pieces + run.pieces)
        self._runs.append(run)
        return run
