"""Log entries as columns: what the server decodes, the WAL records, the head holds and a part stores.

A row is an entry: its stream, its time, its line and its structured metadata. All columns of a batch have the same
number of rows. Batches are values: nothing changes them once made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.labels import Labels

__all__ = ["Batch", "MetadataColumn", "string_array", "string_buffers", "string_bytes", "string_text"]


@dataclass(frozen=True, slots=True)
class MetadataColumn:
    """One structured metadata key: ``codes`` (rows, int32) index ``values`` (pa.string()); -1 where a row lacks it."""

    codes: NDArray[np.int32]
    values: pa.Array

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> MetadataColumn:
        """A column from one text a row; None where the row lacks the key."""
        encoded = pa.array(texts, pa.string()).dictionary_encode()
        return cls.from_arrow(encoded)

    @classmethod
    def from_arrow(cls, encoded: pa.DictionaryArray) -> MetadataColumn:
        codes = encoded.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
        return cls(codes, encoded.dictionary)

    def take(self, rows: NDArray[Any]) -> MetadataColumn:
        return MetadataColumn(self.codes[rows], self.values)

    def trimmed(self) -> MetadataColumn:
        """The same texts with no others in ``values``."""
        used, codes = np.unique(self.codes, return_inverse=True)
        absent = int(used[:1].sum() < 0)  # -1 sorts first
        return MetadataColumn(codes.astype(np.int32) - absent, self.values.take(pa.array(used[absent:])))

    def text(self, row: int) -> str | None:
        code = int(self.codes[row])
        return None if code < 0 else self.values[code].as_py()


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries as columns.

    streams   the streams that rows refer to; each distinct
    stream    (rows,) int32, index into ``streams``
    ts        (rows,) int64, ns since the Unix epoch
    line      pa.string() array of rows, valid UTF-8, no nulls
    metadata  structured metadata by normalised name (never a name without a value in any row)
    """

    streams: tuple[Labels, ...]
    stream: NDArray[np.int32]
    ts: NDArray[np.int64]
    line: pa.Array
    metadata: Mapping[str, MetadataColumn] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = len(self.ts)
        assert len(self.stream) == len(self.line) == rows
        assert all(len(column.codes) == rows for column in self.metadata.values())

    def __len__(self) -> int:
        return len(self.ts)

    def take(self, rows: NDArray[Any]) -> Batch:
        """The rows of an index array (any order) or boolean mask."""
        index = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        metadata = {name: column.take(index) for name, column in self.metadata.items()}
        return Batch(self.streams, self.stream[index], self.ts[index], self.line.take(pa.array(index)), metadata)

    def trimmed(self) -> Batch:
        """The same rows without texts of metadata, and names, that no row has."""
        used = {name: column.trimmed() for name, column in self.metadata.items()}
        metadata = {name: column for name, column in used.items() if len(column.values)}
        return Batch(self.streams, self.stream, self.ts, self.line, metadata)

    def metadata_of(self, row: int) -> dict[str, str]:
        """The structured metadata of one row."""
        texts = ((name, column.text(row)) for name, column in self.metadata.items())
        return {name: text for name, text in texts if text is not None}


def string_array(offsets: NDArray[np.int32], data: NDArray[np.uint8]) -> pa.Array:
    """A pa.string() array over (rows + 1) byte offsets into ``data``; nothing is copied or checked."""
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


def string_buffers(array: pa.Array) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """The (rows + 1) offsets and the bytes of a pa.string() array; offsets[0] may be beyond 0 in a slice."""
    _, offsets, data = array.buffers()
    if len(array) == 0:
        return np.zeros(1, np.int32), np.empty(0, np.uint8)
    rows = np.frombuffer(offsets, np.int32, len(array) + 1, array.offset * 4)
    return rows, np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)


def string_bytes(array: pa.Array) -> int:
    """Bytes of the texts of a pa.string() array; hundreds of times faster than ``nbytes``, which walks the type."""
    offsets, _ = string_buffers(array)
    return int(offsets[-1] - offsets[0])


def string_text(array: pa.Array) -> NDArray[np.uint8]:
    """All texts of a pa.string() array end to end; nothing is copied."""
    offsets, data = string_buffers(array)
    return data[offsets[0] : offsets[-1]]
