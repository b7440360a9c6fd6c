"""A file that only grows, and takes back what it could not write whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from storage.stores.files import OpenFile

__all__ = ["AppendFile"]

Write = Callable[[int, Sequence[bytes | memoryview]], int]

_MAX_BUFFERS = 512  # IOV_MAX is 1024 on Linux; half of it leaves no doubt elsewhere


class AppendFile:
    """``size`` is what was appended, synced or not."""

    def __init__(self, path: Path, file: OpenFile) -> None:
        self.path = path
        self._file = file
        self.size = file.size()

    def append(self, buffers: Sequence[bytes | memoryview]) -> None:
        """Write all of ``buffers``; raises OSError with the file cut back to what it was."""
        self._append(buffers, self._file.write)

    def append_durably(self, buffers: Sequence[bytes | memoryview]) -> None:
        """As ``append``, and the bytes are synced when it returns.

        What was appended before must be synced, or end in the piece of 4096 bytes in which these begin.
        """
        self._append(buffers, self._file.write_durably)

    def _append(self, buffers: Sequence[bytes | memoryview], write: Write) -> None:
        before = self.size
        try:
            for start in range(0, len(buffers), _MAX_BUFFERS):
                self._write_all(buffers[start : start + _MAX_BUFFERS], write)
        except OSError:
            self.truncate(before)
            raise

    def _write_all(self, buffers: Sequence[bytes | memoryview], write: Write) -> None:
        wanted = sum(len(buffer) for buffer in buffers)
        written = write(self.size, buffers)
        self.size += written
        if written < wanted:
            rest = memoryview(b"".join(buffers))[written:]
            self._write_all([rest], write)

    def sync(self) -> None:
        """Until this returns, what was appended may be lost."""
        self._file.sync()

    def truncate(self, size: int) -> None:
        self._file.truncate(size)
        self.size = size

    def close(self) -> None:
        self._file.close()
