"""``label_replace(expr, "target", "replacement", "source", "regex")``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.text import go_quote

if TYPE_CHECKING:
    from logql.ast.unions import MetricExpr

__all__ = ["LabelReplace"]


@dataclass(frozen=True, slots=True)
class LabelReplace:
    """Where ``regex`` matches the whole of label ``source``, label ``target`` becomes the expanded replacement."""

    expr: MetricExpr
    target: str
    replacement: str
    source: str
    regex: str

    def __str__(self) -> str:
        texts = map(go_quote, (self.target, self.replacement, self.source, self.regex))
        return f"label_replace({','.join((str(self.expr), *texts))})"
