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

__all__ = ["RING", "SPOOL", "StateFolder"]

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
    def abandoned(cls, directory: Path, destination: str) -> list[StateFolder]:
        """Lock and return the folders that dead processes left for the same destination."""
        found = []
        for path in sorted(directory.glob(f"*/{_LOCK}")):
            descriptor = _try_lock(path) if _destination_of(path) == destination else None
            if descriptor is not None:
                found.append(cls(path.parent, destination, descriptor))
        return found

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


def _destination_of(lock: Path) -> object:
    try:
        return json.loads(lock.read_text()).get("destination")
    except (OSError, ValueError, AttributeError):
        return None
