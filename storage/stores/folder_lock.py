"""One process a folder: two would write the same log files and delete each other's."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

from storage.stores.durable import DurableTree
from storage.stores.files import OPERATING_SYSTEM, Files, Lock

__all__ = ["FolderLock"]

logger = logging.getLogger(__name__)


class FolderLock:
    """Held from making to ``release``, or to the end of the process however it ends."""

    def __init__(self, root: Path, files: Files = OPERATING_SYSTEM) -> None:
        """Raises OSError with EBUSY when another holds the folder."""
        DurableTree(files, root).make_folder(root)
        self._lock: Lock | None = None
        try:
            self._lock = files.lock(root)
        except BlockingIOError as error:
            raise OSError(errno.EBUSY, "another process is using it", str(root)) from error
        except OSError as error:  # some network file systems have no locks
            logger.warning("%s cannot be locked (%s): see to it that only one process uses it", root, error)

    def release(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()
