"""An operation on two expressions: ``sum(a) / sum(b)``, ``a > bool 5``, ``a and on (app) b``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from logql.ast.vector_matching import VectorMatching

if TYPE_CHECKING:
    from logql.ast.unions import MetricExpr

__all__ = ["BinaryOperation", "BinaryOperator"]


class BinaryOperator(StrEnum):
    OR = "or"
    AND = "and"
    UNLESS = "unless"
    EQ = "=="
    NEQ = "!="
    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    MOD = "%"
    POW = "^"

    @property
    def is_set(self) -> bool:
        return self in (BinaryOperator.OR, BinaryOperator.AND, BinaryOperator.UNLESS)

    @property
    def is_comparison(self) -> bool:
        return self.value in ("==", "!=", ">", ">=", "<", "<=")


@dataclass(frozen=True, slots=True)
class BinaryOperation:
    """``return_bool`` only matters for comparisons; no matching means matching by all labels."""

    op: BinaryOperator
    left: MetricExpr
    right: MetricExpr
    return_bool: bool = False
    matching: VectorMatching | None = None

    def __str__(self) -> str:
        right = str(self.right)
        words = [self.op.value] + ["bool"] * self.return_bool
        if self.matching is not None:
            words.append(str(self.matching))
            if self.matching.group and not self.matching.include and right.startswith("("):
                words.append("()")  # without it the right side would read as the list of included labels
        return f"({self.left} {' '.join(words)} {right})"
