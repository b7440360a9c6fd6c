"""``detected_fields`` and the values of one field, from parameters."""

from __future__ import annotations

from logql.detected import FieldsQuery
from logql.limits import QueryLimits
from server.parameters.form import Parameters
from server.parameters.numbers import parse_limit
from server.parameters.queries import oldest
from server.parameters.steps import parse_step
from server.parameters.times import parse_window

__all__ = ["parse_fields"]

_DEFAULT_LIMIT = 1000


def parse_fields(parameters: Parameters, now_ns: int, limits: QueryLimits) -> FieldsQuery:
    """``step`` must be right although nothing depends on it; the query is for the engine to judge."""
    window = parse_window(parameters, now_ns)
    parse_step(parameters, window)
    return FieldsQuery(
        text=parameters.first("query"),
        start_ns=window.start_ns,
        end_ns=window.end_ns,
        line_limit=parse_limit(parameters.first("line_limit")),
        limit=parse_limit(parameters.first("limit") or parameters.first("field_limit"), _DEFAULT_LIMIT),
        limits=limits,
        oldest_ns=oldest(limits, now_ns),
    )
