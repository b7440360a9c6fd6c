"""``| keep a, b="x"``."""

from __future__ import annotations

from dataclasses import dataclass

from logql.ast.matcher import Matcher

__all__ = ["Keep"]


@dataclass(frozen=True, slots=True)
class Keep:
    """Removes every other label; with a matcher also those whose value does not match."""

    targets: tuple[str | Matcher, ...]

    def __str__(self) -> str:
        return f"| keep {','.join(map(str, self.targets))}"
