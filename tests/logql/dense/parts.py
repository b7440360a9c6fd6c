"""Parts written again with dense columns, as a merge would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

import pyarrow as pa

from logql.dense.readers import line_readers
from storage.dense import planned_columns
from storage.part import Part, PartPlan, load_catalogue, write_chunks
from storage.settings import StorageSettings
from storage.stores import DiskStore

__all__ = ["add_dense_columns", "with_columns"]

_EVERYTHING = 1000.0


def add_dense_columns(root: Path) -> None:
    """All parts of the database at ``root``, which must be closed."""
    store = DiskStore(root / "parts")
    for part in load_catalogue(store).parts:
        with_columns(store, part)


def with_columns(store: DiskStore, part: Part, share: float = _EVERYTHING) -> Part:
    """The part under its old key."""
    chunks = [part.read(number, part.columns) for number in range(len(part.chunks))]
    columns_for = planned_columns(part.chunks, line_readers(), share)
    about = {each.name: getattr(part.index, each.name) for each in fields(PartPlan) if hasattr(part.index, each.name)}
    widened = [_widened(chunk, columns_for) for chunk in chunks]
    return Part(store, write_chunks(store, PartPlan(**about), widened, StorageSettings()))


def _widened(chunk: pa.RecordBatch, columns_for: Callable[[pa.Array], Mapping[str, pa.Array]]) -> pa.RecordBatch:
    for name, column in columns_for(chunk.column("line")).items():
        chunk = chunk.append_column(name, column)
    return chunk
