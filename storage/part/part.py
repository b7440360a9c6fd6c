"""Reading a part: its index in memory, its chunks from the store, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import MetadataColumn
from storage.columns import METADATA_PREFIX, OVERFLOW, metadata_of
from storage.errors import CorruptData
from storage.labels import Labels
from storage.part.index import ChunkEntry, PartIndex
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX
from storage.stores import Store

__all__ = ["Part", "PartChunk"]


class Part:
    """An immutable part; safe to read from several threads."""

    def __init__(self, store: Store, index: PartIndex) -> None:
        self.store, self.index = store, index
        self.chunks = tuple(PartChunk(self, number, entry) for number, entry in enumerate(index.chunks))

    @classmethod
    def load(cls, store: Store, index_key: str) -> Part:
        """Raises CorruptData, UnsupportedFormat, OSError."""
        return cls(store, PartIndex.from_bytes(store.get(index_key), index_key))

    @property
    def keys(self) -> tuple[str, str]:
        return self.index.key + ARROW_SUFFIX, self.index.key + INDEX_SUFFIX

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the Arrow file's columns, in file order."""
        with self.store.open(self.index.key + ARROW_SUFFIX) as file:
            return tuple(pa.ipc.open_file(file).schema.names)

    def read(self, chunk: int, columns: Sequence[str]) -> pa.RecordBatch:
        """The named columns of one chunk; no other is read or decompressed. Raises CorruptData, OSError."""
        wanted = [self.columns.index(name) for name in columns]
        options = pa.ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
        key = self.index.key + ARROW_SUFFIX
        try:
            with self.store.open(key) as file:
                return pa.ipc.open_file(file, options=options).get_batch(chunk)
        except pa.ArrowInvalid as error:
            raise CorruptData(key, 0, f"chunk {chunk}: {error}") from error


class PartChunk:
    """A ``Source`` over one chunk. The stream column comes from the index and costs no read."""

    is_stored = True

    def __init__(self, part: Part, number: int, entry: ChunkEntry) -> None:
        self._part, self._number, self.entry = part, number, entry
        self.streams: Sequence[Labels] = part.index.streams
        self.present: NDArray[np.int32] = entry.streams
        self.min_ts, self.max_ts = entry.min_ts, entry.max_ts
        self.stored_bytes = entry.stored_bytes
        self._rows = int(entry.rows.sum())

    def __len__(self) -> int:
        return self._rows

    def stream(self) -> NDArray[np.int32]:
        return np.repeat(self.entry.streams, self.entry.rows)

    def ts(self) -> NDArray[np.int64]:
        ts = self._part.read(self._number, ["ts"]).column("ts")
        return ts.view(pa.int64()).to_numpy()  # type: ignore[no-any-return]

    def line(self) -> pa.Array:
        return self._part.read(self._number, ["line"]).column("line")

    def metadata(self) -> Mapping[str, MetadataColumn]:
        wanted = [name for name in self._part.columns if name == OVERFLOW or name.startswith(METADATA_PREFIX)]
        return metadata_of(self._part.read(self._number, wanted)) if wanted else {}
