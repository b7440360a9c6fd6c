"""Objects as files under one folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from storage.stores.durable import (
    TEMPORARY_SUFFIX,
    make_folder,
    published_file,
    remove_temporary,
    sync_folder,
    unused_path,
)

__all__ = ["DiskStore"]


class DiskStore:
    """A ``Store`` whose keys are paths below ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        make_folder(root)

    def put(self, key: str, data: bytes) -> None:
        with published_file(self.root / key) as path:
            path.write_bytes(data)

    @contextmanager
    def create(self, key: str) -> Iterator[pa.NativeFile]:
        with published_file(self.root / key) as path, pa.OSFile(str(path), "wb") as sink:
            yield sink

    def get(self, key: str) -> bytes:
        return (self.root / key).read_bytes()

    def open(self, key: str) -> pa.NativeFile:
        return pa.OSFile(str(self.root / key), "rb")

    def list(self, prefix: str = "") -> list[str]:
        files = (path for path in self.root.rglob("*") if path.is_file() and path.suffix != TEMPORARY_SUFFIX)
        keys = (path.relative_to(self.root).as_posix() for path in files)
        return sorted(key for key in keys if key.startswith(prefix))

    def delete(self, key: str) -> None:
        (self.root / key).unlink(missing_ok=True)

    def quarantine(self, key: str) -> str:
        source = self.root / key
        target = unused_path(self.root.parent / "quarantine" / self.root.name / key)
        make_folder(target.parent)
        source.rename(target)
        sync_folder(source.parent)
        sync_folder(target.parent)
        return str(target)

    def remove_temporary(self) -> int:
        """Delete what interrupted writes left behind; answers how many files."""
        return remove_temporary(self.root)
