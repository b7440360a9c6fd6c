"""``| drop a, b="x"``."""

from __future__ import annotations

from dataclasses import dataclass

from logql.ast.matcher import Matcher

__all__ = ["Drop"]


@dataclass(frozen=True, slots=True)
class Drop:
    """Removes these labels; with a matcher only where the value matches."""

    targets: tuple[str | Matcher, ...]

    def __str__(self) -> str:
        return f"| drop {','.join(map(str, self.targets))}"
