"""Label names, label values and series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from logql.cancel import Cancel
from logql.errors import LimitExceeded
from server.cancellable import run_cancellable
from server.durations import NS, format_go, format_prometheus
from server.errors import BadRequest
from server.parameters.form import Parameters
from server.parameters.times import Window, parse_window
from server.render import render_list
from server.routes.reading import json_response, read_parameters, tenant_of_reader
from server.services import Services

__all__ = ["label_names", "label_values", "series"]

_EVERYTHING = "{}"


@dataclass(frozen=True, slots=True)
class _Question:
    tenant: str
    parameters: Parameters
    window: Window

    @property
    def selector(self) -> str | None:
        return self.parameters.first("query") or None


async def label_names(request: Request, services: Services) -> Response:
    asked = await _question(request, services)
    window = asked.window
    return await _list(
        request,
        services,
        lambda: services.engine.label_names(asked.tenant, window.start_ns, window.end_ns, asked.selector),
    )


async def label_values(request: Request, services: Services) -> Response:
    asked = await _question(request, services)
    window, name = asked.window, request.path_params["name"]
    return await _list(
        request,
        services,
        lambda: services.engine.label_values(asked.tenant, name, window.start_ns, window.end_ns, asked.selector),
    )


async def series(request: Request, services: Services) -> Response:
    asked = await _question(request, services)
    window, selectors = asked.window, _selectors(asked.parameters)
    return await _list(
        request,
        services,
        lambda: [
            dict(labels.pairs)
            for labels in services.engine.series(asked.tenant, window.start_ns, window.end_ns, selectors)
        ],
    )


async def _question(request: Request, services: Services) -> _Question:
    tenant = tenant_of_reader(request, services)
    parameters = await read_parameters(request, services)
    now_ns = services.now_ns()
    window = parse_window(parameters, now_ns)
    _check_length(window, services.settings.query.max_query_length_s * NS)
    return _Question(tenant, parameters, _clamped(window, now_ns, services.settings.query.max_query_lookback_s * NS))


async def _list(request: Request, services: Services, find: Callable[[], Sequence[object]]) -> Response:
    def run(_: Cancel) -> bytes:
        return render_list(find())

    return json_response(await run_cancellable(request, services.threads, run))


def _selectors(parameters: Parameters) -> list[str]:
    """The selectors to unite; none stands for every series, as a single ``{}`` does."""
    given = [*parameters.all("match[]"), *parameters.all("match")]
    is_everything = [selector.replace(" ", "") == _EVERYTHING for selector in given]
    if is_everything == [True]:
        return []
    if any(is_everything):
        raise BadRequest("0 matchers in group: {}")
    return given


def _check_length(window: Window, limit_ns: int) -> None:
    length_ns = window.end_ns - window.start_ns
    if 0 < limit_ns < length_ns:
        raise LimitExceeded(
            "the query time range exceeds the limit "
            f"(query length: {format_go(length_ns)}, limit: {format_prometheus(limit_ns)})"
        )


def _clamped(window: Window, now_ns: int, lookback_ns: int) -> Window:
    """The part of a window that ``max_query_lookback`` lets be seen; possibly none of it."""
    if not lookback_ns:
        return window
    start_ns = max(window.start_ns, now_ns - lookback_ns)
    return Window(start_ns, max(window.end_ns, start_ns))
