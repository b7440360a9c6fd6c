"""A stream selector: ``{app="web", env!="dev"}``."""

from __future__ import annotations

from dataclasses import dataclass

from logql.ast.matcher import Matcher

__all__ = ["Selector"]


@dataclass(frozen=True, slots=True)
class Selector:
    """Streams that pass every matcher."""

    matchers: tuple[Matcher, ...]

    def __str__(self) -> str:
        return "{" + ", ".join(map(str, self.matchers)) + "}"
