"""Whole queries from parameters. The order of the checks decides which text a doubly bad request gets."""

from __future__ import annotations

from logql.limits import QueryLimits
from logql.requests import EVERYTHING_NS, Direction, InstantQuery, RangeQuery
from server.http.errors import BadRequest
from server.parameters.form import Parameters
from server.parameters.numbers import parse_limit
from server.parameters.steps import parse_interval, parse_step
from server.parameters.times import parse_timestamp, parse_window
from server.units import NS, NS_PER_MS

__all__ = ["oldest", "parse_instant_query", "parse_range_query"]


def parse_range_query(parameters: Parameters, now_ns: int, limits: QueryLimits, partial_series: bool) -> RangeQuery:
    """``/query_range``; the text of the query is for the engine to judge."""
    window = parse_window(parameters, now_ns)
    limit = parse_limit(parameters.first("limit"))
    direction = _direction(parameters)
    step_ns = parse_step(parameters, window)
    return RangeQuery(
        text=parameters.first("query"),
        start_ns=window.start_ns,
        end_ns=window.end_ns,
        step_ms=max(step_ns // NS_PER_MS, 1),
        limit=limit,
        direction=direction,
        interval_ns=parse_interval(parameters),
        limits=limits,
        oldest_ns=oldest(limits, now_ns),
        partial_series=partial_series,
    )


def parse_instant_query(parameters: Parameters, now_ns: int, limits: QueryLimits, partial_series: bool) -> InstantQuery:
    """``/query``; ``limit`` and ``direction`` must be right although nothing depends on them."""
    text = parameters.first("time")
    try:
        time_ns = parse_timestamp(text) if text else now_ns
    except ValueError as error:
        raise BadRequest(str(error)) from None
    parse_limit(parameters.first("limit"))
    _direction(parameters)
    return InstantQuery(parameters.first("query"), time_ns, limits, partial_series, oldest(limits, now_ns))


def oldest(limits: QueryLimits, now_ns: int) -> int:
    """What ``max_query_lookback`` lets be seen."""
    return now_ns - limits.max_query_lookback_s * NS if limits.max_query_lookback_s else EVERYTHING_NS


def _direction(parameters: Parameters) -> Direction:
    text = parameters.first("direction")
    try:
        return Direction(text.lower()) if text else Direction.BACKWARD
    except ValueError:
        raise BadRequest(f"invalid direction '{text}'") from None
