"""Label names, label values and series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from logql.cancel import Cancel
from logql.tenants import SEPARATOR, TENANT_LABEL
from server.http.cancellable import run_cancellable
from server.http.errors import BadRequest
from server.parameters.form import Parameters
from server.parameters.limited_window import parse_limited_window
from server.parameters.times import Window
from server.render import render_list
from server.routes.reading import json_response, read_parameters, tenants_of_reader
from server.services import Services

__all__ = ["label_names", "label_values", "series"]

_EVERYTHING = "{}"
Render = Callable[[Sequence[object]], bytes]


@dataclass(frozen=True, slots=True)
class _Question:
    tenant: str
    parameters: Parameters
    window: Window

    @property
    def selector(self) -> str | None:
        return self.parameters.first("query") or None


async def label_names(request: Request, services: Services, render: Render = render_list) -> Response:
    asked = await _question(request, services)
    window = asked.window
    return await _list(
        request,
        services,
        asked.tenant,
        lambda: services.engine.label_names(asked.tenant, window.start_ns, window.end_ns, asked.selector),
        render,
    )


async def label_values(request: Request, services: Services, render: Render = render_list) -> Response:
    asked = await _question(request, services)
    window, name = asked.window, request.path_params["name"]
    if name == TENANT_LABEL and asked.selector is None:
        return json_response(render(asked.tenant.split(SEPARATOR)))
    return await _list(
        request,
        services,
        asked.tenant,
        lambda: services.engine.label_values(asked.tenant, name, window.start_ns, window.end_ns, asked.selector),
        render,
    )


async def series(request: Request, services: Services) -> Response:
    asked = await _question(request, services)
    window, selectors = asked.window, _selectors(asked.parameters)
    return await _list(
        request,
        services,
        asked.tenant,
        lambda: [
            dict(labels.pairs)
            for labels in services.engine.series(asked.tenant, window.start_ns, window.end_ns, selectors)
        ],
    )


async def _question(request: Request, services: Services) -> _Question:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    window = parse_limited_window(parameters, services.now_ns(), services.settings_of(tenant).query)
    return _Question(tenant, parameters, window)


async def _list(
    request: Request,
    services: Services,
    tenant: str,
    find: Callable[[], Sequence[object]],
    render: Render = render_list,
) -> Response:
    def run(_: Cancel) -> bytes:
        return render(find())

    return json_response(await run_cancellable(request, services, tenant, run))


def _selectors(parameters: Parameters) -> list[str]:
    """The selectors to unite; none stands for every series, as a single ``{}`` does."""
    given = [*parameters.all("match[]"), *parameters.all("match")]
    is_everything = [selector.replace(" ", "") == _EVERYTHING for selector in given]
    if is_everything == [True]:
        return []
    if any(is_everything):
        raise BadRequest("0 matchers in group: {}")
    return given
