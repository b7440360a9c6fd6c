"""``explain``: what ``query_range`` would do with the same parameters. Loki has none, so the path is ours."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.http.cancellable import run_cancellable
from server.parameters.queries import parse_range_query
from server.routes.reading import json_response, read_parameters, tenants_of_reader
from server.services import Services

__all__ = ["explain"]


async def explain(request: Request, services: Services) -> Response:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    asked = parse_range_query(parameters, services.now_ns(), services.settings_of(tenant).query, partial_series=False)
    plan = await run_cancellable(request, services, tenant, lambda _: services.engine.explain(tenant, asked))
    data = {**plan.to_json(), "text": str(plan)}
    return json_response(orjson.dumps({"status": "success", "data": data}))
