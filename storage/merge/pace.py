"""How fast merging may go: a share of one core, so that pushes and queries hardly notice. A stop ends it."""

from __future__ import annotations

import threading
import time

__all__ = ["MergeStopped", "Pace"]

_LONGEST_PAUSE_S = 5.0


class MergeStopped(Exception):
    """The server stops: what was not finished is begun again later."""


class Pace:
    """Of one thread; call it often."""

    def __init__(self, cpu_share: float, stopping: threading.Event) -> None:
        self._pause_ratio = 1 / cpu_share - 1
        self._stopping = stopping
        self._worked_s = time.thread_time()

    def __call__(self) -> None:
        """Pause in proportion to the CPU time since the last call. Raises MergeStopped."""
        worked_s = time.thread_time() - self._worked_s
        if self._stopping.wait(min(worked_s * self._pause_ratio, _LONGEST_PAUSE_S)):
            raise MergeStopped
        self._worked_s = time.thread_time()
