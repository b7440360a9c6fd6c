"""A log query: a selector and its pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logql.ast.selector import Selector

if TYPE_CHECKING:
    from logql.ast.unions import Stage

__all__ = ["LogQuery"]


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Entries of the selected streams, passed through the stages in order."""

    selector: Selector
    stages: tuple[Stage, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, (self.selector, *self.stages)))
