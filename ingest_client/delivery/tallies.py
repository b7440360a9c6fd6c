"""What became of lines: counted where it happens, by the delivery's thread alone."""

from __future__ import annotations

__all__ = ["Tallies"]


class Tallies:
    """Lines by their end, since the start of this process."""

    def __init__(self) -> None:
        self.delivered = self.rejected = self.undelivered = 0
        self.spooled = self.recovered = self.restamped = 0
