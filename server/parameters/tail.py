"""``tail`` from parameters; the text of the query is for the engine to judge."""

from __future__ import annotations

from logql.limits import QueryLimits
from logql.tail import TailQuery
from server.http.errors import BadRequest
from server.parameters.form import Parameters
from server.parameters.numbers import parse_go_int, parse_limit
from server.parameters.queries import oldest
from server.parameters.times import parse_window
from server.units import NS

__all__ = ["parse_tail"]

_DELAY_MAX_S = 5


def parse_tail(parameters: Parameters, now_ns: int, limits: QueryLimits) -> TailQuery:
    """``limit``, ``start`` (or ``since``) and ``delay_for`` with their defaults."""
    limit = parse_limit(parameters.first("limit"))
    start_ns = parse_window(parameters, now_ns).start_ns
    return TailQuery(
        text=parameters.first("query"),
        start_ns=start_ns,
        now_ns=now_ns,
        limit=limit,
        delay_ns=_delay_s(parameters.first("delay_for")) * NS,
        limits=limits,
        oldest_ns=oldest(limits, now_ns),
    )


def _delay_s(text: str) -> int:
    if not text:
        return 0
    try:
        seconds = parse_go_int(text, "Atoi")
    except ValueError as error:
        raise BadRequest(str(error)) from None
    if not 0 <= seconds <= _DELAY_MAX_S:
        raise BadRequest(f"delay_for can't be greater than {_DELAY_MAX_S}")
    return seconds
