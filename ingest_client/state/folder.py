"""The state folder of one process: ``<directory>/<pid>-<start>/`` with its ring and its spool.

A lock says that its owner lives; the kernel releases it however the owner dies. A folder whose lock is free is adopted
by the next process that ships to the same destination, so a folder is never used by two.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from pathlib import Path

__all__ = ["RING", "SPOOL", "StateFolder", "destination_of", "folders_in"]

RING = "ring"
SPOOL = "spool"

_LOCK = "lock"


class StateFolder:
    """A locked folder. ``release`` gives it to whoever comes next, ``remove`` deletes it."""

    def __init__(self, path: Path, destination: str, descriptor: int) -> None:
        self.path, self.destination, self._descriptor = path, destination, descriptor

    @classmethod
    def create(cls, directory: Path, destination: str) -> StateFolder:
        """A new folder of this process. Raises OSError."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = directory / f"{os.getpid()}-{time.time_ns()}"
        path.mkdir(mode=0o700)
        # Written aside and renamed once it is locked: a lock that others can see is taken.
        aside = path / f"{_LOCK}.new"
        aside.write_text(json.dumps({"destination": destination, "pid": os.getpid()}))
        descriptor = _try_lock(aside)
        if descriptor is None:
            raise OSError(f"{aside} is locked by somebody else")
        os.replace(str(aside), str(path / _LOCK))
        return cls(path, destination, descriptor)

    @classmethod
    def take_over(cls, path: Path) -> StateFolder | None:
        """Lock a folder that a dead process left; None while its owner lives."""
        descriptor = _try_lock(path / _LOCK)
        return None if descriptor is None else cls(path, destination_of(path), descriptor)

    @classmethod
    def abandoned(cls, directory: Path, destination: str) -> list[StateFolder]:
        """Lock and return the folders that dead processes left for the same destination."""
        same = [path for path in folders_in(directory) if destination_of(path) == destination]
        return [folder for folder in map(cls.take_over, same) if folder is not None]

    def release(self) -> None:
        """Let go of it; in a forked child of what belongs to the parent."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def remove(self) -> None:
        """Delete it with everything in it."""
        shutil.rmtree(str(self.path), ignore_errors=True)
        self.release()


def _try_lock(path: Path) -> int | None:
    try:
        descriptor = os.open(str(path), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Its last owner may have deleted it between the two calls.
        if os.fstat(descriptor).st_nlink:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def folders_in(directory: Path) -> list[Path]:
    """The folders of all processes, living and dead, in order of their names."""
    return [lock.parent for lock in sorted(directory.glob(f"*/{_LOCK}"))]


def destination_of(path: Path) -> str:
    """The server and the tenant that the lines in a folder are for; empty when it cannot be read."""
    try:
        return str(json.loads((path / _LOCK).read_text())["destination"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
