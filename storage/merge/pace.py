"""How fast merging may go: a share of one core, and not at all while pushes need it. A stop ends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["MergeStopped", "Pace"]

_LONGEST_PAUSE_S = 5.0
_LOOK_AGAIN_S = 0.5


class MergeStopped(Exception):
    """The server stops: what was not finished is begun again later."""


class Pace:
    """Of one thread; call it often. ``must_wait`` is asked until it says no."""

    def __init__(
        self, cpu_share: float, stopping: threading.Event, must_wait: Callable[[], bool] = lambda: False
    ) -> None:
        self._pause_ratio = 1 / cpu_share - 1
        self._stopping, self._must_wait = stopping, must_wait
        self._worked_s = time.thread_time()

    def __call__(self) -> None:
        """Pause in proportion to the CPU time since the last call. Raises MergeStopped."""
        worked_s = time.thread_time() - self._worked_s
        self._pause(min(worked_s * self._pause_ratio, _LONGEST_PAUSE_S))
        while self._must_wait():
            self._pause(_LOOK_AGAIN_S)
        self._worked_s = time.thread_time()

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise MergeStopped
