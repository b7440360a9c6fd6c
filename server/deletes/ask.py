"""A request to delete, from the parameters of a URL. The texts of its refusals are those that clients know."""

from __future__ import annotations

import secrets

from logql.deletes import parse_delete
from logql.errors import QueryError
from logql.values import format_go_duration, parse_go_duration
from server.config.settings import DeleteSettings
from server.http.errors import BadRequest
from server.parameters.form import Parameters
from server.parameters.times import parse_timestamp
from server.units import NS
from storage.deletes import DeleteRequest

__all__ = ["parse_delete_request"]

_SECONDS_DIGITS = 10


def parse_delete_request(parameters: Parameters, tenant: str, settings: DeleteSettings, now_ns: int) -> DeleteRequest:
    """Raises BadRequest."""
    query = parameters.first("query")
    if not query:
        raise BadRequest("query not set")
    try:
        stages = parse_delete(query).stages
    except QueryError:
        raise BadRequest("invalid query expression") from None
    start_ns, end_ns = _window(parameters, now_ns)
    if stages:
        _check_interval(parameters.first("max_interval"), end_ns - start_ns, settings)
    return DeleteRequest(secrets.token_hex(4), tenant, query, start_ns, end_ns, now_ns)


def _window(parameters: Parameters, now_ns: int) -> tuple[int, int]:
    if not parameters.first("start"):
        raise BadRequest("start time not set")
    start_ns = _moment(parameters.first("start"), "start")
    end_ns = _moment(parameters.first("end"), "end") if parameters.first("end") else now_ns
    if end_ns > now_ns:
        raise BadRequest("deletes in the future are not allowed")
    if start_ns >= end_ns:
        raise BadRequest("start time can't be greater than or equal to end time")
    return start_ns, end_ns


def _moment(text: str, name: str) -> int:
    """Seconds or RFC 3339. Not nanoseconds: a slip of the unit would delete what nobody meant."""
    is_number = text.lstrip("+-").isascii() and text.lstrip("+-").isdigit()
    try:
        if (is_number and len(text) > _SECONDS_DIGITS) or "." in text.partition("T")[0]:
            raise ValueError
        return parse_timestamp(text)
    except ValueError:
        raise BadRequest(f"invalid {name} time: require unix seconds or RFC3339 format") from None


def _check_interval(text: str, window_ns: int, settings: DeleteSettings) -> None:
    """``max_interval`` is how agents of the reference split their work. Here it has no effect but must be right."""
    if not text:
        return
    try:
        interval_ns = parse_go_duration(text)
    except ValueError:
        raise BadRequest("invalid max_interval: valid time units are 's', 'm', 'h'") from None
    if interval_ns > settings.max_interval_s * NS:
        raise BadRequest(f"max_interval can't be greater than {format_go_duration(settings.max_interval_s * NS)}")
    if interval_ns > window_ns:
        text = format_go_duration(window_ns)
        raise BadRequest(f"max_interval can't be greater than the interval to be deleted ({text})")
