"""``| pattern "..."``."""

from __future__ import annotations

from dataclasses import dataclass

from storage.text import go_quote

__all__ = ["PatternParser"]


@dataclass(frozen=True, slots=True)
class PatternParser:
    """Named captures of the pattern become labels."""

    pattern: str

    def __str__(self) -> str:
        return f"| pattern {go_quote(self.pattern)}"
