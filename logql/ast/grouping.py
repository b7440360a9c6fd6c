"""``by (a,b)`` and ``without (a,b)``."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Grouping"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """``by`` keeps these labels, ``without`` removes them."""

    without: bool
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{'without' if self.without else 'by'} ({','.join(self.names)})"
