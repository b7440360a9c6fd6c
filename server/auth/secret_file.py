"""Files that hold secrets: appear whole, readable by their owner only, changed by one process at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.stores import OPERATING_SYSTEM

__all__ = ["locked", "read_secret", "write_secret"]

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def read_secret(path: Path) -> bytes:
    """Its content, nothing where there is no such file. Raises OSError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def write_secret(path: Path, data: bytes) -> None:
    """Replace the file: after a crash there is the old or the new one. Raises OSError."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        # Not the suffix of the store's own files: a server that starts deletes those.
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _FILE_MODE), "wb") as file:
            os.fchmod(file.fileno(), _FILE_MODE)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise
    OPERATING_SYSTEM.sync_folder(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Makes the folder of ``path``, and keeps other processes from changing the file inside the block."""
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
