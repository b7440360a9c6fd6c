"""``patterns``: what the lines of a selector look like, over time and by level."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from logql.cancel import Cancel
from logql.patterns import PatternsQuery
from server.http.cancellable import run_cancellable
from server.parameters.limited_window import parse_limited_window
from server.parameters.steps import parse_step
from server.parameters.times import parse_window
from server.render.patterns import render_patterns
from server.routes.reading import json_response, read_parameters, tenants_of_reader
from server.services import Services

__all__ = ["patterns"]


async def patterns(request: Request, services: Services) -> Response:
    tenant = tenants_of_reader(request, services)
    limits = services.settings_of(tenant).query
    if not limits.patterns_enabled:
        return Response(status_code=404)
    parameters, now_ns = await read_parameters(request, services), services.now_ns()
    step_ns = parse_step(parameters, parse_window(parameters, now_ns))
    window = parse_limited_window(parameters, now_ns, limits)
    asked = PatternsQuery(parameters.first("query"), window.start_ns, window.end_ns, step_ns, limits)

    def run(cancel: Cancel) -> bytes:
        return render_patterns(services.engine.patterns(tenant, asked, cancel))

    return json_response(await run_cancellable(request, services, tenant, run))
