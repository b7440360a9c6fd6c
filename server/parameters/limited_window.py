"""The window of a question about streams, within the limits that a query has to keep, too."""

from __future__ import annotations

from logql.check_limits import check_length
from logql.limits import QueryLimits
from server.parameters.form import Parameters
from server.parameters.times import Window, parse_window
from server.units import NS

__all__ = ["parse_limited_window"]


def parse_limited_window(parameters: Parameters, now_ns: int, limits: QueryLimits) -> Window:
    """The part of the window that ``max_query_lookback`` lets be seen; possibly none of it.

    Raises BadRequest, and LimitExceeded for a window longer than ``max_query_length``.
    """
    window = parse_window(parameters, now_ns)
    check_length(window.end_ns - window.start_ns, limits)
    return _clamped(window, now_ns, limits)


def _clamped(window: Window, now_ns: int, limits: QueryLimits) -> Window:
    lookback_ns = limits.max_query_lookback_s * NS
    if not lookback_ns:
        return window
    start_ns = max(window.start_ns, now_ns - lookback_ns)
    return Window(start_ns, max(window.end_ns, start_ns))
