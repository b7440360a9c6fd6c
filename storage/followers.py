"""Who is told of new rows as they become readable.

A follower is called on the log's thread, after a batch is on disk and in the head and before its push is answered, in
the order of the log: it must neither wait nor raise.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from storage.batch import Batch

__all__ = ["Follower", "Followers"]

Follower = Callable[[Batch], None]


class Followers:
    """Thread-safe; ``now`` may be read at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now: tuple[Follower, ...] = ()

    def add(self, follower: Follower) -> None:
        with self._lock:
            self.now = (*self.now, follower)

    def remove(self, follower: Follower) -> None:
        """Does nothing when it is not there. A call that has begun may still end."""
        with self._lock:
            self.now = tuple(each for each in self.now if each is not follower)
