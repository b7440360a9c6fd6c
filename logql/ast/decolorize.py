"""``| decolorize``."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Decolorize"]


@dataclass(frozen=True, slots=True)
class Decolorize:
    """Removes ANSI colour sequences from the line."""

    def __str__(self) -> str:
        return "| decolorize"
