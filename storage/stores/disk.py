"""Objects as files under one folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pyarrow as pa

from storage.stores.durable import TEMPORARY_SUFFIX, DurableTree
from storage.stores.files import OPERATING_SYSTEM, Files
from storage.stores.pieces import Piece
from storage.stores.sink import arrow_sink

__all__ = ["DiskStore"]


class DiskStore:
    """A ``Store`` whose keys are paths below ``root``."""

    kind = "disk"

    def __init__(self, root: Path, files: Files = OPERATING_SYSTEM) -> None:
        self.root = root
        self._files = files
        self._tree = DurableTree(files, root.parent)
        self._tree.make_folder(root)

    def put(self, key: str, data: bytes) -> None:
        with self._tree.publish(self.root / key) as file:
            file.append([data])

    @contextmanager
    def create(self, key: str) -> Iterator[pa.NativeFile]:
        with self._tree.publish(self.root / key) as file, arrow_sink(file) as sink:
            yield sink

    def get(self, key: str) -> bytes:
        return self._files.read(self.root / key)

    def open(self, key: str, pieces: Sequence[Piece] = ()) -> pa.NativeFile:
        return self._files.open(self.root / key)

    def holding(self, key: str, piece: Piece) -> AbstractContextManager[None]:
        return nullcontext()

    def list(self, prefix: str = "") -> list[str]:
        paths = (path for path in self._files.walk(self.root) if path.suffix != TEMPORARY_SUFFIX)
        keys = (path.relative_to(self.root).as_posix() for path in paths)
        return sorted(key for key in keys if key.startswith(prefix))

    def delete(self, key: str) -> None:
        path = self.root / key
        self._files.unlink(path)
        # Or a power cut could bring it back after a later deletion became durable.
        if self._files.exists(path.parent):
            self._files.sync_folder(path.parent)

    def quarantine(self, key: str) -> str:
        source = self.root / key
        target = self._tree.unused_path(self.root.parent / "quarantine" / self.root.name / key)
        self._tree.make_folder(target.parent)
        self._files.rename(source, target)
        self._files.sync_folder(target.parent)
        self._files.sync_folder(source.parent)
        return str(target)

    def room_bytes(self) -> int:
        return self._files.room_bytes(self.root)

    def remove_temporary(self) -> int:
        """Delete what interrupted writes left behind; answers how many files."""
        return self._tree.remove_temporary(self.root)
