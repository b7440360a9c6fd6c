"""``| regexp "..."``."""

from __future__ import annotations

from dataclasses import dataclass

from storage.text import go_quote

__all__ = ["RegexpParser"]


@dataclass(frozen=True, slots=True)
class RegexpParser:
    """Named groups of the expression become labels."""

    regex: str

    def __str__(self) -> str:
        return f"| regexp {go_quote(self.regex)}"
