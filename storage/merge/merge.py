"""Parts to one part with the same rows, in bounded memory: a first pass plans, a second one merges chunk by chunk.

The index of the output, written last, names the inputs: with it they are parts no more, before it the output is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import pyarrow as pa

from storage.merge.hooks import ColumnMaker, MergeHooks
from storage.merge.kept import Kept
from storage.merge.ordered import in_order
from storage.merge.pieces import in_chunks
from storage.merge.rows import InputRows, OutputRows
from storage.merge.texts import MetadataPlan
from storage.part import Part, PartIndex, PartPlan, part_key, tenant_of, write_chunks
from storage.settings import StorageSettings

__all__ = ["Merge"]


class Merge:
    """``inputs`` are parts of one store, in the order in which their rows came."""

    def __init__(self, inputs: Sequence[Part], settings: StorageSettings, hooks: MergeHooks) -> None:
        """Decides what will be in the output; reads what indexes do not say. Raises CorruptData, OSError."""
        self.inputs, self._settings, self._hooks = tuple(inputs), settings, hooks
        self._kept = Kept(inputs, hooks)
        self.key = self._key() if self._kept.rows else None

    def write(self, still_there: Sequence[str], after_chunk: Callable[[], None]) -> PartIndex:
        """The output, durable and in place of the inputs on return. There must be a ``key``, which it gets.

        still_there   keys beyond the inputs' that it must replace
        after_chunk   is called before each chunk; what it raises ends the merge

        Raises CorruptData, OSError; then objects named ``key`` may be there, and must be deleted.
        """
        assert self.key is not None, "no row is left"
        streams, metadata = self._kept.streams(), MetadataPlan(self._kept)
        plan = PartPlan(
            self.key,
            max(part.index.wal_sequence for part in self.inputs),
            max(part.index.last_sequence for part in self.inputs),
            streams,
            metadata.names,
            (*(part.index.key for part in self.inputs), *still_there),
            self._hooks.builders,
            is_packed=True,
        )
        numbers = {labels: number for number, labels in enumerate(streams)}
        readers = [InputRows(part, numbers, metadata) for part in self.inputs]
        runs = [map(reader.open, chunks) for reader, chunks in zip(readers, self._kept.chunks, strict=True)]
        pieces = in_chunks(in_order(runs), self._settings.chunk_bytes)
        chunks = _chunks(pieces, OutputRows(streams, metadata), self._hooks.plan_columns(self.inputs), after_chunk)
        settings = replace(self._settings, compression_level=self._settings.merge_compression_level)
        return write_chunks(self.inputs[0].store, plan, chunks, settings)

    def _key(self) -> str:
        first, last = self._kept.bounds()
        return part_key(tenant_of(self.inputs[0].index.key), first, last, self._kept.digest)


def _chunks(
    pieces: Iterable[pa.RecordBatch], rows: OutputRows, columns_for: ColumnMaker, after_chunk: Callable[[], None]
) -> Iterator[pa.RecordBatch]:
    def chunk_of(piece: pa.RecordBatch) -> pa.RecordBatch:
        after_chunk()
        chunk = rows.chunk(piece)
        for name, column in columns_for(rows.batch(chunk)).items():
            chunk = chunk.append_column(name, column)
        return chunk

    return map(chunk_of, pieces)
