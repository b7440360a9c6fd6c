"""What is stored and how much of it: index statistics and volumes."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response

from logql.cancel import Cancel
from server.cancellable import run_cancellable
from server.errors import NotFound
from server.parameters.limited_window import parse_limited_window
from server.parameters.volume import parse_volume
from server.render import render_answer
from server.routes.reading import json_response, read_parameters, tenant_of_reader
from server.services import Services

__all__ = ["index_stats", "volume", "volume_range"]


async def index_stats(request: Request, services: Services) -> Response:
    tenant = tenant_of_reader(request, services)
    parameters = await read_parameters(request, services)
    limits = services.settings_of(tenant).query
    window = parse_limited_window(parameters, services.now_ns(), limits)
    selector = parameters.first("query")

    def run(cancel: Cancel) -> bytes:
        stats = services.engine.index_stats(tenant, selector, window.start_ns, window.end_ns, limits, cancel)
        return orjson.dumps(stats, option=orjson.OPT_APPEND_NEWLINE)

    return json_response(await run_cancellable(request, services, tenant, run))


async def volume(request: Request, services: Services) -> Response:
    return await _volume(request, services, has_steps=False)


async def volume_range(request: Request, services: Services) -> Response:
    return await _volume(request, services, has_steps=True)


async def _volume(request: Request, services: Services, *, has_steps: bool) -> Response:
    tenant = tenant_of_reader(request, services)
    parameters = await read_parameters(request, services)
    limits = services.settings_of(tenant).query
    if not limits.volume_enabled:
        raise NotFound("not found")
    asked = parse_volume(parameters, services.now_ns(), limits, has_steps=has_steps)

    def run(cancel: Cancel) -> bytes:
        return render_answer(services.engine.volume(tenant, asked, cancel)) + b"\n"

    return json_response(await run_cancellable(request, services, tenant, run))
