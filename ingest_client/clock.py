"""Clocks that are wrong: boards without a battery start years in the past until the network has told them the time.

Lines captured meanwhile wait; when the clock is set they get the time that their distance in boot time says, once.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable

__all__ = ["FIRST_SANE_NS", "BootClock", "Clock", "corrected_after_death"]

# 2025-01-01: this file is younger.
FIRST_SANE_NS = 1_735_689_600 * 10**9
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


# Only Linux counts the time asleep; elsewhere the clocks of machines are set.
_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _boot_time_ns() -> int:
    return time.clock_gettime_ns(_BOOT_CLOCK)


class BootClock:
    """The wall clock minus the time since boot, now, and which boot that is."""

    def __init__(self) -> None:
        self.offset_ns = time.time_ns() - _boot_time_ns()
        try:
            self.boot_id = _BOOT_ID.read_bytes().strip()[:36]
        except OSError:
            self.boot_id = b""


class Clock:
    """Asked by the sender before each batch. ``wrong_since`` is remembered as an offset to the boot clock."""

    def __init__(self, wall_ns: Callable[[], int] = time.time_ns, boot_ns: Callable[[], int] = _boot_time_ns) -> None:
        self._wall_ns, self._boot_ns = wall_ns, boot_ns
        self._wrong_offset_ns: int | None = None
        self.corrections = 0

    def is_right(self) -> bool:
        """Whether the time can be believed; while it cannot, nothing must be sent."""
        wall_ns = self._wall_ns()
        if wall_ns >= FIRST_SANE_NS:
            return True
        self._wrong_offset_ns = wall_ns - self._boot_ns()
        return False

    def corrected(self, ts_ns: int) -> int:
        """The time of a line, mended if it was captured while the clock was known to be wrong."""
        if ts_ns >= FIRST_SANE_NS or self._wrong_offset_ns is None:
            return ts_ns
        self.corrections += 1
        return ts_ns - self._wrong_offset_ns + self._wall_ns() - self._boot_ns()


def corrected_after_death(offset_ns: int, boot_id: bytes, newest_ns: int) -> Callable[[int], int]:
    """How to mend times in a dead process's ring, written when the wall clock was ``offset_ns`` ahead of boot time.

    After another boot nothing relates the two clocks: the lines are set to have ended now.
    """
    now = BootClock()
    same_boot = bool(now.boot_id) and now.boot_id == boot_id.rstrip(b"\0")
    by_ns = now.offset_ns - offset_ns if same_boot else time.time_ns() - newest_ns

    def corrected(ts_ns: int) -> int:
        return ts_ns + by_ns if ts_ns < FIRST_SANE_NS else ts_ns

    return corrected
