"""How far long work is, told to whoever watches."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress", "silent"]

# done and total, in bytes. The total may grow while work goes on.
Progress = Callable[[int, int], None]


def silent(done_bytes: int, total_bytes: int) -> None:
    """For who does not watch."""
