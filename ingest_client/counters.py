"""What a client counts about itself."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Counters"]


@dataclass(frozen=True, slots=True)
class Counters:
    """A snapshot. Every accepted line is queued, in flight, delivered, or dropped for exactly one reason."""

    accepted: int
    queued: int
    queued_bytes: int
    delivered: int
    delivered_bytes: int
    dropped_buffer_full: int
    dropped_rejected: int
    dropped_undelivered: int
    retries: int

    @property
    def dropped(self) -> int:
        """All lines that will never arrive."""
        return self.dropped_buffer_full + self.dropped_rejected + self.dropped_undelivered
