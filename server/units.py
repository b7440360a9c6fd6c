"""Units of the numbers that cross module borders."""

from __future__ import annotations

__all__ = ["NS", "NS_PER_MS"]

NS = 1_000_000_000  # in a second
NS_PER_MS = 1_000_000
