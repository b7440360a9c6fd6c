"""A database whose clock the test sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from storage.database import Database
from storage.policies import Policies
from storage.settings import StorageSettings

__all__ = ["SECOND", "Clock", "clocked"]

SECOND = 10**9


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@contextmanager
def clocked(root: Path, clock: Clock, policies: Policies | None = None, **settings: Any) -> Iterator[Database]:
    """Nothing happens by itself: neither flushes nor merges, nor is anything kept but by ``keep_now``."""
    still = StorageSettings(head_age_s=1e9, chunk_bytes=300, merges=False, keep_interval_s=1e6)
    database = Database(root, replace(still, **settings), clock, policies=policies)
    database.start()
    try:
        yield database
    finally:
        database.stop()
