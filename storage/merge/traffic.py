"""Whether merging should stand back for pushes: while much is logged, until too many parts have piled up."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["MOST_PARTS", "Traffic"]

MOST_PARTS = 64  # more than there were when it became busy: 1 GB at the default size
_BUSY_BYTES_PER_S = 4 << 20  # of the log; about a twentieth of a core
_SHORTEST_LOOK_S = 0.2


class Traffic:
    """``logged_bytes`` and ``parts`` answer totals. Asked by one thread."""

    def __init__(
        self, logged_bytes: Callable[[], int], parts: Callable[[], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._logged_bytes, self._parts, self._clock = logged_bytes, parts, clock
        self._looked_s, self._bytes_then = clock(), logged_bytes()
        self._parts_at_rest = parts()
        self._is_busy = False

    def is_heavy(self) -> bool:
        """Whether to stand back, by what was logged since the last time that this was asked."""
        now_s, logged = self._clock(), self._logged_bytes()
        elapsed_s = now_s - self._looked_s
        if elapsed_s >= _SHORTEST_LOOK_S:
            self._is_busy = logged - self._bytes_then > elapsed_s * _BUSY_BYTES_PER_S
            self._looked_s, self._bytes_then = now_s, logged
        if not self._is_busy:
            self._parts_at_rest = self._parts()
        return self._is_busy and self._parts() - self._parts_at_rest < MOST_PARTS
