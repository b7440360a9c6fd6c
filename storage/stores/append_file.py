"""A file that only grows, and takes back what it could not write whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storage.stores.files import OpenFile

__all__ = ["AppendFile"]

_MAX_BUFFERS = 512  # IOV_MAX is 1024 on Linux; half of it leaves no doubt elsewhere


class AppendFile:
    """``size`` is what was appended, synced or not."""

    def __init__(self, path: Path, file: OpenFile) -> None:
        self.path = path
        self._file = file
        self.size = file.size()

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
        written = self._file.write(self.size, buffers)
        self.size += written
        if written < wanted:
            rest = memoryview(b"".join(buffers))[written:]
            self._write_all([rest])

    def sync(self) -> None:
        """Until this returns, what was appended may be lost."""
        self._file.sync()

    def truncate(self, size: int) -> None:
        self._file.truncate(size)
        self.size = size

    def close(self) -> None:
        self._file.close()
