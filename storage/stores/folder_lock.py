"""One process a folder: two would write the same log files and delete each other's."""

from __future__ import annotations

import errno
import fcntl
import logging
import os
from pathlib import Path

from storage.stores.durable import make_folder

__all__ = ["FolderLock"]

logger = logging.getLogger(__name__)


class FolderLock:
    """Held from making to ``release``, or to the end of the process however it ends."""

    def __init__(self, root: Path) -> None:
        """Raises OSError with EBUSY when another holds the folder."""
        make_folder(root)
        self._descriptor: int | None = os.open(root, os.O_RDONLY)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise OSError(errno.EBUSY, "another process is using it", str(root)) from error
        except OSError as error:  # some network file systems have no locks
            logger.warning("%s cannot be locked (%s): see to it that only one process uses it", root, error)

    def release(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
