"""Which series of two vectors belong together: ``on (a) group_left (b)``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["GroupSide", "VectorMatching"]


class GroupSide(StrEnum):
    """The side that may hold many series per key."""

    LEFT = "group_left"
    RIGHT = "group_right"


@dataclass(frozen=True, slots=True)
class VectorMatching:
    """``on`` matches by these labels, ``ignoring`` (not on) by all others; ``include`` is copied from the one side."""

    on: bool
    names: tuple[str, ...]
    group: GroupSide | None = None
    include: tuple[str, ...] = ()

    def __str__(self) -> str:
        group = self.group.value if self.group else ""
        include = f" ({','.join(self.include)})" if self.include else ""
        return f"{'on' if self.on else 'ignoring'} ({','.join(self.names)}) {group}{include}"
