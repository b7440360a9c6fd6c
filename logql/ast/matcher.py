"""A label matcher: ``app=~"web.*"``. Regular expressions match the whole value, ``.`` matches newline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from logql.values.regex import full_match_regex
from storage.text import go_quote

__all__ = ["MatchOp", "Matcher"]


class MatchOp(StrEnum):
    EQ = "="
    NEQ = "!="
    RE = "=~"
    NRE = "!~"

    @property
    def is_regex(self) -> bool:
        return self in (MatchOp.RE, MatchOp.NRE)

    @property
    def is_negative(self) -> bool:
        return self in (MatchOp.NEQ, MatchOp.NRE)


@dataclass(frozen=True, slots=True)
class Matcher:
    """``name op "value"``; a missing label is the empty value."""

    name: str
    op: MatchOp
    value: str

    def matches(self, value: str) -> bool:
        """Whether a label of that value passes. Raises ValueError where the regular expression is broken."""
        if not self.op.is_regex:
            return (value == self.value) != self.op.is_negative
        return (full_match_regex(self.value).fullmatch(value) is None) == self.op.is_negative

    @property
    def matches_empty(self) -> bool:
        return self.matches("")

    def __str__(self) -> str:
        return f"{self.name}{self.op.value}{go_quote(self.value)}"
