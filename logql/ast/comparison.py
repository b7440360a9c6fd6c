"""Comparison of a label's converted value with a literal."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Comparison"]


class Comparison(StrEnum):
    """``=`` before a number, duration or size is read as ``==``."""

    EQ = "=="
    NEQ = "!="
    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
