"""What a label or field browser can offer: detected labels, fields, and the values of one field."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from logql.cancel import Cancel
from logql.detected import FieldsQuery
from server.http.cancellable import run_cancellable
from server.parameters.fields import parse_fields
from server.parameters.limited_window import parse_limited_window
from server.render import render_fields, render_labels, render_values
from server.routes.reading import json_response, read_parameters, tenants_of_reader
from server.services import Services

__all__ = ["detected_fields", "detected_labels", "field_values"]


async def detected_labels(request: Request, services: Services) -> Response:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    window = parse_limited_window(parameters, services.now_ns(), services.settings_of(tenant).query)
    selector = parameters.first("query") or None

    def run(_: Cancel) -> bytes:
        return render_labels(services.engine.detected_labels(tenant, window.start_ns, window.end_ns, selector))

    return json_response(await run_cancellable(request, services, tenant, run))


async def detected_fields(request: Request, services: Services) -> Response:
    tenant, asked = await _asked(request, services)

    def run(cancel: Cancel) -> bytes:
        return render_fields(services.engine.detected_fields(tenant, asked, cancel), asked.limit)

    return json_response(await run_cancellable(request, services, tenant, run))


async def field_values(request: Request, services: Services) -> Response:
    tenant, asked = await _asked(request, services)
    name = request.path_params["name"]

    def run(cancel: Cancel) -> bytes:
        return render_values(services.engine.field_values(tenant, name, asked, cancel), asked.limit)

    return json_response(await run_cancellable(request, services, tenant, run))


async def _asked(request: Request, services: Services) -> tuple[str, FieldsQuery]:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    return tenant, parse_fields(parameters, services.now_ns(), services.settings_of(tenant).query)
