"""Log files on a disk that fails when a test says so."""

from __future__ import annotations

import errno
import threading
from collections.abc import Sequence
from pathlib import Path

from storage.stores.files import OPERATING_SYSTEM
from storage.stores.log_files import AppendFile, LogFiles

__all__ = ["FailingLogFiles", "SyncGate"]


class SyncGate:
    """Lets syncs wait and fail: ``closed`` holds them, ``failures`` is how many of the next ones raise EIO."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.opened.set()
        self.entered = threading.Semaphore(0)
        self.failing_syncs = 0
        self.failing_writes = 0

    def sync(self) -> None:
        self.entered.release()
        assert self.opened.wait(10)
        if self.failing_syncs:
            self.failing_syncs -= 1
            raise OSError(errno.EIO, "the test's disk failed")

    def write(self) -> None:
        if self.failing_writes:
            self.failing_writes -= 1
            raise OSError(errno.ENOSPC, "the test's disk is full")


class _FailingFile(AppendFile):
    def __init__(self, path: Path, gate: SyncGate) -> None:
        super().__init__(path, OPERATING_SYSTEM.edit(path))
        self._gate = gate

    def append(self, buffers: Sequence[bytes | memoryview]) -> None:
        self._gate.write()
        super().append(buffers)

    def append_durably(self, buffers: Sequence[bytes | memoryview]) -> None:
        self.append(buffers)
        self.sync()

    def sync(self) -> None:
        self._gate.sync()
        super().sync()


class FailingLogFiles(LogFiles):
    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.gate = SyncGate()

    def create(self, number: int, header: bytes) -> AppendFile:
        super().create(number, header).close()
        return _FailingFile(self.path(number), self.gate)
