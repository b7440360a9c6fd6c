"""One agent a folder: two would ship every line twice."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ingest_client.agent.errors import AgentError

__all__ = ["DirectoryLock"]


class DirectoryLock:
    """Held until it is released or the process ends. Raises AgentError when another process has it."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise AgentError(f"{folder} is in use by another agent: give it another positions.filename") from error

    def release(self) -> None:
        """Let another one have it."""
        os.close(self._descriptor)
