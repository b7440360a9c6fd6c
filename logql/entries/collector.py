"""The best rows of all frames so far: the newest (or oldest) ``limit`` of them, and those at the same time as the last.

Only times are compared here, so lines and metadata are read for the rows that are still in at the end.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from logql.requests import Direction
from logql.scan.frame import Frame

__all__ = ["EntryCollector"]


class EntryCollector:
    """Thread-safe. ``order`` tells the order in which frames were ingested."""

    def __init__(self, limit: int | None, direction: Direction) -> None:
        self._limit = limit
        self._sign = 1 if direction is Direction.FORWARD else -1
        self._lock = threading.Lock()
        self._frames: list[tuple[int, Frame]] = []
        self._rows = 0
        self._last_rank: int | None = None  # of the worst row that can still be in the answer

    def worth_reading(self, min_ts: int, max_ts: int) -> bool:
        """Whether a source with these bounds can still hold a row of the answer."""
        best = min_ts if self._sign > 0 else -max_ts
        return self._last_rank is None or best <= self._last_rank

    def candidates(self, frame: Frame) -> Frame:
        """The rows of ``frame`` that can still be in the answer."""
        last_rank = self._last_rank
        return frame if last_rank is None else frame.keep(self._ranks(frame) <= last_rank)

    def add(self, order: int, frame: Frame) -> None:
        frame = self._best(frame)
        if not len(frame):
            return
        with self._lock:
            self._frames.append((order, frame))
            self._rows += len(frame)
            if self._limit is not None and self._rows >= 2 * self._limit:
                self._prune(self._limit)

    def frames(self) -> list[tuple[int, Frame]]:
        """What is left: at least the answer, and the ties of its last row."""
        with self._lock:
            if self._limit is not None and self._rows > self._limit:
                self._prune(self._limit)
            return self._frames

    def _best(self, frame: Frame) -> Frame:
        if self._limit is None or len(frame) <= self._limit:
            return frame
        ranks = self._ranks(frame)
        return frame.keep(ranks <= np.partition(ranks, self._limit - 1)[self._limit - 1])

    def _prune(self, limit: int) -> None:
        ranks = np.concatenate([self._ranks(frame) for _, frame in self._frames])
        self._last_rank = int(np.partition(ranks, limit - 1)[limit - 1])
        kept = ((order, frame.keep(self._ranks(frame) <= self._last_rank)) for order, frame in self._frames)
        self._frames = [(order, frame) for order, frame in kept if len(frame)]
        self._rows = sum(len(frame) for _, frame in self._frames)

    def _ranks(self, frame: Frame) -> NDArray[np.int64]:
        """Smaller is better."""
        return self._sign * frame.ts()
