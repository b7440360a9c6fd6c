"""A real database and engine over given entries, some of them in parts and some in the head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from logql.cancel import Cancel
from logql.engine import Engine
from logql.requests import InstantQuery, RangeQuery
from logql.results import Matrix, Scalar, Streams, Vector
from storage.database import Database
from tests.logql.dense.parts import add_dense_columns
from tests.storage.entries import Entry, batch_of

__all__ = ["TENANT", "Store", "opened"]

TENANT = "t"


class Store:
    """Answers as plain values."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open()

    def _open(self) -> None:
        self.database = Database(self._folder)
        self.database.start()
        self.engine = Engine(self.database, 1)

    def close(self) -> None:
        self.engine.close()
        self.database.stop()

    def append(self, entries: Sequence[Entry]) -> None:
        if entries:
            self.database.append(TENANT, batch_of(entries)).result()

    def load(self, segments: Sequence[Sequence[Entry]], has_dense_columns: bool = False) -> None:
        """All but the last are flushed to a part each, whose dense keys become columns or not."""
        for segment in segments[:-1]:
            self.append(segment)
            self.database.flush()
        if has_dense_columns:
            self.close()
            add_dense_columns(self._folder)
            self._open()
        self.append(segments[-1])

    def range(self, asked: RangeQuery) -> Streams | Matrix:
        data = self.engine.range(TENANT, asked, Cancel()).data
        assert isinstance(data, Streams | Matrix)
        return data

    def instant(self, asked: InstantQuery) -> Vector | Scalar:
        data = self.engine.instant(TENANT, asked, Cancel()).data
        assert isinstance(data, Vector | Scalar)
        return data


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    store = Store(folder)
    try:
        yield store
    finally:
        store.close()
