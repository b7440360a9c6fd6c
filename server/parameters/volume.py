"""``index/volume`` and ``index/volume_range`` from parameters."""

from __future__ import annotations

from logql.limits import QueryLimits
from logql.volume import AggregateBy, VolumeQuery
from server.http.errors import BadRequest
from server.parameters.form import Parameters
from server.parameters.limited_window import parse_limited_window
from server.parameters.numbers import parse_go_int
from server.parameters.steps import parse_step
from server.parameters.times import parse_window

__all__ = ["parse_volume"]

_DEFAULT_LIMIT = 100


def parse_volume(parameters: Parameters, now_ns: int, limits: QueryLimits, *, has_steps: bool) -> VolumeQuery:
    """``has_steps``: whether it is asked over time; the selector is for the engine to judge."""
    step_ns = parse_step(parameters, parse_window(parameters, now_ns)) if has_steps else None
    window = parse_limited_window(parameters, now_ns, limits)
    return VolumeQuery(
        selector=parameters.first("query"),
        start_ns=window.start_ns,
        end_ns=window.end_ns,
        step_ns=step_ns,
        limit=_limit(parameters.first("limit")),
        target_labels=tuple(name for name in parameters.first("targetLabels").split(",") if name),
        aggregate_by=_aggregate_by(parameters.first("aggregateBy")),
        limits=limits,
    )


def _limit(text: str) -> int:
    """0 stands for the default."""
    try:
        limit = parse_go_int(text, "Atoi") if text else 0
    except ValueError as error:
        raise BadRequest(str(error)) from None
    if limit < 0:
        raise BadRequest("limit must be a positive value")
    return limit or _DEFAULT_LIMIT


def _aggregate_by(text: str) -> AggregateBy:
    try:
        return AggregateBy(text) if text else AggregateBy.SERIES
    except ValueError:
        raise BadRequest("invalid aggregation option") from None
