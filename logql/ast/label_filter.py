"""Label filters: ``| level="error"``, ``| status >= 500 and (duration > 1s or size > 5KB)``.

The printed text carries the leading ``|`` only where a filter is a stage: use ``LabelFilterStage`` for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from logql.ast.comparison import Comparison
from logql.ast.matcher import Matcher
from logql.ast.regex_text import quote_regex
from logql.values.byte_size import format_byte_size
from logql.values.go_duration import format_go_duration
from logql.values.number import format_number
from storage.text import go_quote

__all__ = [
    "LabelFilter",
    "LabelFilterAnd",
    "LabelFilterBytes",
    "LabelFilterDuration",
    "LabelFilterIp",
    "LabelFilterMatch",
    "LabelFilterNumber",
    "LabelFilterOr",
    "LabelFilterStage",
]


@dataclass(frozen=True, slots=True)
class LabelFilterMatch:
    """``name="text"``, ``!=``, ``=~``, ``!~``."""

    matcher: Matcher

    def __str__(self) -> str:
        if not self.matcher.op.is_regex:
            return str(self.matcher)
        return f"{self.matcher.name}{self.matcher.op.value}{quote_regex(self.matcher.value)}"


@dataclass(frozen=True, slots=True)
class LabelFilterNumber:
    """``name > 5``."""

    name: str
    op: Comparison
    value: float

    def __str__(self) -> str:
        return f"{self.name}{self.op.value}{format_number(self.value)}"


@dataclass(frozen=True, slots=True)
class LabelFilterDuration:
    """``name > 1m30s``."""

    name: str
    op: Comparison
    value_ns: int

    def __str__(self) -> str:
        return f"{self.name}{self.op.value}{format_go_duration(self.value_ns)}"


@dataclass(frozen=True, slots=True)
class LabelFilterBytes:
    """``name > 5KB``; whole bytes, exact (Loki rounds them to two digits)."""

    name: str
    op: Comparison
    value_bytes: float

    def __str__(self) -> str:
        return f"{self.name}{self.op.value}{format_byte_size(self.value_bytes)}"


@dataclass(frozen=True, slots=True)
class LabelFilterIp:
    """``name=ip("10.0.0.0/8")`` or, negated, ``name!=ip(...)``."""

    name: str
    negated: bool
    pattern: str

    def __str__(self) -> str:
        return f"{self.name}{'!=' if self.negated else '='}ip({go_quote(self.pattern)})"


@dataclass(frozen=True, slots=True)
class LabelFilterAnd:
    """At least two filters, all evaluated from left to right; the first is no LabelFilterAnd itself."""

    filters: tuple[LabelFilter, ...]

    def __str__(self) -> str:
        return _nested(self.filters, ",")


@dataclass(frozen=True, slots=True)
class LabelFilterOr:
    """At least two filters, evaluated until one holds; the first is no LabelFilterOr itself."""

    filters: tuple[LabelFilter, ...]

    def __str__(self) -> str:
        return _nested(self.filters, "or")


LabelFilter: TypeAlias = (
    LabelFilterMatch
    | LabelFilterNumber
    | LabelFilterDuration
    | LabelFilterBytes
    | LabelFilterIp
    | LabelFilterAnd
    | LabelFilterOr
)


def _nested(filters: tuple[LabelFilter, ...], word: str) -> str:
    """``( ( a word b ) word c )``: the grammar is binary and leans to the left."""
    first, *others = map(str, filters)
    return "( " * len(others) + first + "".join(f" {word} {other} )" for other in others)


@dataclass(frozen=True, slots=True)
class LabelFilterStage:
    """A label filter as a stage of its own."""

    label_filter: LabelFilter

    def __str__(self) -> str:
        return f"| {self.label_filter}"
