"""The minutes of counts, as numbers that kernels take, too."""

from __future__ import annotations

__all__ = ["LAST_NS", "MINUTE_NS"]

MINUTE_NS = 60_000_000_000
LAST_NS = (1 << 63) - 1
