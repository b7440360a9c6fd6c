"""``| unpack``."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["UnpackParser"]


@dataclass(frozen=True, slots=True)
class UnpackParser:
    """Undoes the packing of an agent: string members become labels, ``_entry`` the line."""

    def __str__(self) -> str:
        return "| unpack"
