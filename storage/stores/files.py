"""The one interface to the operating system's files: every byte that storage keeps goes through it.

Small, so that a fake can stand in for the machine: one that crashes, errs and forgets what was not synced
(``tests/storage/faults``). Nothing else below ``storage`` calls the operating system.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

__all__ = ["OPERATING_SYSTEM", "Files", "Lock", "OpenFile", "OperatingSystemFiles"]

_MODE = 0o640
_WRITE_THROUGH: int = getattr(os, "RWF_DSYNC", 0)  # of Linux
_NOT_SUPPORTED = {errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


class OpenFile(Protocol):
    """A file open for writing. All but ``close`` raise OSError."""

    def size(self) -> int:
        """Bytes, synced or not."""

    def write(self, offset: int, buffers: Sequence[bytes | memoryview]) -> int:
        """Write at most 512 buffers one behind the other; answers how many bytes, perhaps not all of them."""

    def write_durably(self, offset: int, buffers: Sequence[bytes | memoryview]) -> int:
        """As ``write``, and a power cut takes none of the bytes that it says are written."""

    def sync(self) -> None:
        """Until this returns, a power cut may take any of the bytes written. Names are ``Files.sync_folder``'s."""

    def truncate(self, size: int) -> None:
        """Cut the file to ``size`` bytes; durable only after ``sync``."""

    def close(self) -> None:
        """Syncs nothing."""


class Lock(Protocol):
    """A lock that is held."""

    def close(self) -> None:
        """Give it back."""


class Files(Protocol):
    """Names and contents of files. Everything raises OSError, FileNotFoundError where a name is missing."""

    def create(self, path: Path) -> OpenFile:
        """A new file, or one that was there without its content."""

    def edit(self, path: Path) -> OpenFile:
        """A file that exists, with its content."""

    def read(self, path: Path) -> bytes:
        """The whole content."""

    def open(self, path: Path) -> pa.NativeFile:
        """The content for random reads; stays readable when the name goes."""

    def exists(self, path: Path) -> bool:
        """Whether a file or folder has this name."""

    def walk(self, folder: Path) -> Iterator[Path]:
        """Every file at any depth below ``folder``, in no order; nothing if there is no such folder."""

    def rename(self, source: Path, target: Path) -> None:
        """Atomic, in place of a file that has the name ``target``."""

    def unlink(self, path: Path) -> None:
        """Remove a file; none there is no error."""

    def make_folder(self, path: Path) -> None:
        """One folder, whose parent exists; one that is there is no error."""

    def sync_folder(self, path: Path) -> None:
        """Until this returns, a power cut may undo what was created, renamed or removed in this folder."""

    def room_bytes(self, folder: Path) -> int:
        """What this process may still write to the file system of ``folder``."""

    def lock(self, folder: Path) -> Lock:
        """Raises BlockingIOError when another holds it; freed at the end of the process, too."""


class _Descriptor:
    """An ``OpenFile`` or ``Lock`` of the operating system."""

    __slots__ = ("_number",)

    def __init__(self, path: Path, flags: int) -> None:
        self._number = os.open(path, flags | os.O_CLOEXEC, _MODE)

    def size(self) -> int:
        return os.fstat(self._number).st_size

    def write(self, offset: int, buffers: Sequence[bytes | memoryview]) -> int:
        return os.pwritev(self._number, buffers, offset)

    def write_durably(self, offset: int, buffers: Sequence[bytes | memoryview]) -> int:
        """In one call to the system where it has that: the GIL is given away and taken back once, not twice."""
        if _WRITE_THROUGH:
            try:
                return os.pwritev(self._number, buffers, offset, _WRITE_THROUGH)
            except OSError as error:
                if error.errno not in _NOT_SUPPORTED:
                    raise
        written = self.write(offset, buffers)
        self.sync()
        return written

    def sync(self) -> None:
        os.fdatasync(self._number)

    def truncate(self, size: int) -> None:
        os.ftruncate(self._number, size)

    def lock(self) -> None:
        fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        os.close(self._number)


class OperatingSystemFiles:
    """``Files`` as this machine has them."""

    def create(self, path: Path) -> OpenFile:
        return _Descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def edit(self, path: Path) -> OpenFile:
        return _Descriptor(path, os.O_WRONLY)

    def read(self, path: Path) -> bytes:
        return path.read_bytes()

    def open(self, path: Path) -> pa.NativeFile:
        return pa.OSFile(str(path), "rb")

    def exists(self, path: Path) -> bool:
        return path.exists()

    def walk(self, folder: Path) -> Iterator[Path]:
        for root, _, names in os.walk(folder, onerror=_unless_harmless):
            yield from (Path(root, name) for name in names)

    def rename(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def make_folder(self, path: Path) -> None:
        path.mkdir(exist_ok=True)

    def sync_folder(self, path: Path) -> None:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def room_bytes(self, folder: Path) -> int:
        about = os.statvfs(folder)
        return about.f_bavail * about.f_frsize

    def lock(self, folder: Path) -> Lock:
        descriptor = _Descriptor(folder, os.O_RDONLY)
        try:
            descriptor.lock()
        except OSError:
            descriptor.close()
            raise
        return descriptor


def _unless_harmless(error: OSError) -> None:
    """A folder that cannot be read must not look empty, but for ``lost+found`` and one that has just gone."""
    if error.errno not in {errno.EACCES, errno.ENOENT}:
        raise error


OPERATING_SYSTEM = OperatingSystemFiles()
