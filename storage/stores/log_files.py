"""Numbered append-only files: what a write-ahead log needs from an operating system."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from storage.stores.durable import (
    make_folder,
    published_file,
    remove_temporary,
    sync_file,
    sync_folder,
    unused_path,
)

__all__ = ["AppendFile", "LogFiles"]

_SUFFIX = ".wal"
_MAX_BUFFERS = 512  # IOV_MAX is 1024 on Linux; half of it leaves no doubt elsewhere


class AppendFile:
    """A file that only grows. ``size`` is what was appended, synced or not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        self.size = os.fstat(self._descriptor).st_size

    def append(self, buffers: Sequence[bytes | memoryview]) -> None:
        """Write all of ``buffers``; raises OSError with the file cut back to what it was."""
        before = self.size
        try:
            for start in range(0, len(buffers), _MAX_BUFFERS):
                self._write_all(buffers[start : start + _MAX_BUFFERS])
        except OSError:
            self.truncate(before)
            raise

    def _write_all(self, buffers: Sequence[bytes | memoryview]) -> None:
        wanted = sum(len(buffer) for buffer in buffers)
        written = os.writev(self._descriptor, buffers)
        self.size += written
        if written < wanted:
            rest = memoryview(b"".join(buffers))[written:]
            self._write_all([rest])

    def sync(self) -> None:
        """Until this returns, what was appended may be lost."""
        os.fdatasync(self._descriptor)

    def truncate(self, size: int) -> None:
        os.ftruncate(self._descriptor, size)
        self.size = size

    def close(self) -> None:
        os.close(self._descriptor)


class LogFiles:
    """The numbered files of one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        make_folder(root)

    def numbers(self) -> list[int]:
        return sorted(int(path.stem) for path in self.root.glob("*" + _SUFFIX) if path.stem.isdigit())

    def path(self, number: int) -> Path:
        return self.root / f"{number:012d}{_SUFFIX}"

    def create(self, number: int, header: bytes) -> AppendFile:
        """A new file that begins with ``header``, in place of what a failed attempt may have left."""
        self.path(number).unlink(missing_ok=True)
        file = AppendFile(self.path(number))
        try:
            file.append([header])
            sync_folder(self.root)
        except OSError:
            file.close()
            self.path(number).unlink(missing_ok=True)
            raise
        return file

    def read(self, number: int) -> bytes:
        return self.path(number).read_bytes()

    def cut(self, number: int, size: int) -> None:
        """Durably shorten a file to ``size`` bytes."""
        os.truncate(self.path(number), size)
        sync_file(self.path(number))

    def remove(self, number: int) -> None:
        self.path(number).unlink(missing_ok=True)
        sync_folder(self.root)

    def replace(self, number: int, data: bytes) -> None:
        """Durably put ``data`` in place of a file's content; after an OSError the old content is still there."""
        with published_file(self.path(number)) as path:
            path.write_bytes(data)

    def quarantine(self, number: int) -> str:
        """Keep a copy of a damaged file for whoever investigates; answers where it is."""
        target = unused_path(self.root.parent / "quarantine" / self.root.name / self.path(number).name)
        with published_file(target) as path:
            shutil.copyfile(self.path(number), path)
        return str(target)

    def remove_temporary(self) -> None:
        """Delete what an interrupted ``replace`` left behind."""
        remove_temporary(self.root)
