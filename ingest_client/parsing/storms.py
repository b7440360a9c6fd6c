"""Storms: the same message over and over becomes its first line, then one line a window that says how many there were.

The first line goes at once. Nothing is lost but the copies: the sum of ``repeat_count`` and of the lines is what came.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["FoldedLine", "Storms"]

WINDOW_NS = 5_000_000_000
# A source with so many different lines a window has no storm, and each costs memory.
_MAX_OPEN = 1024

Payload = TypeVar("Payload")


@dataclass
class FoldedLine(Generic[Payload]):
    """A message that came again: ``repeat_count`` times between ``first_ns`` and ``last_ns``, last as ``payload``."""

    payload: Payload
    repeat_count: int
    first_ns: int
    last_ns: int


@dataclass
class _Window(Generic[Payload]):
    until_ns: int
    folded: FoldedLine[Payload] | None = None


class Storms(Generic[Payload]):
    """The messages of one source that came within the last window."""

    def __init__(self, window_ns: int = WINDOW_NS) -> None:
        self._window_ns = window_ns
        self._windows: dict[Hashable, _Window[Payload]] = {}

    @property
    def has_folded(self) -> bool:
        """Whether something was folded and not yet told."""
        return any(window.folded is not None for window in self._windows.values())

    def open(self) -> list[FoldedLine[Payload]]:
        """What was folded and not yet told; it stays."""
        return [window.folded for window in self._windows.values() if window.folded is not None]

    def resume(self, key: Hashable, folded: FoldedLine[Payload]) -> None:
        """Go on with what an earlier process had folded."""
        self._windows[key] = _Window(folded.first_ns + self._window_ns, folded)

    def fold(self, key: Hashable, ts_ns: int, payload: Payload, count: int = 1) -> bool:
        """Whether this line, ``count`` times, was folded into those before; call ``due`` first, with the same time."""
        window = self._windows.get(key)
        if window is None or ts_ns >= window.until_ns:
            if len(self._windows) < _MAX_OPEN:
                self._windows[key] = _Window(ts_ns + self._window_ns)
            return False
        folded = window.folded
        if folded is None:
            window.folded = FoldedLine(payload, count, ts_ns, ts_ns)
        else:
            folded.payload, folded.last_ns = payload, ts_ns
            folded.repeat_count += count
        return True

    def due(self, now_ns: int) -> list[FoldedLine[Payload]]:
        """What was folded in windows that are over; a storm that goes on keeps its window."""
        told: list[FoldedLine[Payload]] = []
        windows = self._windows
        while windows:
            # Windows are as long as each other, so the first that is open ends the search.
            key = next(iter(windows))
            window = windows[key]
            if window.until_ns > now_ns:
                break
            del windows[key]
            if window.folded is not None:
                told.append(window.folded)
                windows[key] = _Window(now_ns + self._window_ns)
        return told

    def finish(self) -> Iterator[FoldedLine[Payload]]:
        """Everything that was folded and not yet told: the source has ended."""
        for window in self._windows.values():
            if window.folded is not None:
                yield window.folded
        self._windows.clear()
