"""Queries that an operator has blocked: by their text, a regular expression, their hash or what they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from logql.ast import Expr, LabelFilterStage, LineFilter, LineFilterOp, LineText, LogQuery
from logql.errors import QueryBlocked
from logql.values.regex import compile_regex

__all__ = ["BlockedQuery", "QueryType", "check_blocked", "query_hash", "query_type"]

_FNV_OFFSET, _FNV_PRIME, _FNV_MASK = 0x811C9DC5, 0x01000193, 0xFFFF_FFFF


class QueryType(StrEnum):
    """``limited``: a log query without a filter."""

    METRIC = "metric"
    FILTER = "filter"
    LIMITED = "limited"


@dataclass(frozen=True, slots=True)
class BlockedQuery:
    """All that is given must hold of a query. Of no ``types``: of any.

    pattern  the text of the query; "" for any. With ``regex``, an expression (RE2) that must be found in it
    hash     see ``query_hash``; 0 for any
    """

    pattern: str = ""
    regex: bool = False
    types: tuple[QueryType, ...] = ()
    hash: int = 0

    def blocks(self, text: str, kind: QueryType) -> bool:
        if self.types and kind not in self.types:
            return False
        if self.hash and self.hash != query_hash(text):
            return False
        if self.regex:
            return compile_regex(self.pattern).search(text) is not None
        return self.pattern.strip() in ("", text.strip())


def check_blocked(expr: Expr, text: str, blocked: Sequence[BlockedQuery]) -> None:
    """Raises QueryBlocked if any of them blocks the query ``text``, which was parsed as ``expr``."""
    kind = query_type(expr)
    if any(each.blocks(text, kind) for each in blocked):
        raise QueryBlocked


def query_hash(text: str) -> int:
    """The 32-bit FNV-1 hash of a query's text, by which it can be blocked."""
    found = _FNV_OFFSET
    for byte in text.encode():
        found = (found * _FNV_PRIME & _FNV_MASK) ^ byte
    return found


def query_type(expr: Expr) -> QueryType:
    if not isinstance(expr, LogQuery):
        return QueryType.METRIC
    return QueryType.FILTER if any(map(_filters, expr.stages)) else QueryType.LIMITED


def _filters(stage: object) -> bool:
    """A search for nothing, as Grafana's builder makes it, is none."""
    if not isinstance(stage, LineFilter):
        return isinstance(stage, LabelFilterStage)
    takes_all = stage.op in (LineFilterOp.CONTAINS, LineFilterOp.MATCHES) and stage.alternatives == (LineText(""),)
    return not takes_all
