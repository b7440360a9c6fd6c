"""The paths of before ``/loki/api/v1``, for clients that still know no others: the same questions, other envelopes."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from logql.cancel import Cancel
from logql.errors import QueryError
from logql.results import Streams
from server.http.cancellable import run_cancellable
from server.parameters.queries import parse_range_query
from server.push.receive import receive_legacy
from server.render.legacy import render_legacy_streams, render_legacy_values
from server.routes import labels
from server.routes.push import PushForm, is_short, take
from server.routes.reading import json_response, read_parameters, tenant_of_reader, tenants_of_reader
from server.services import Services
from storage.text import go_quote

__all__ = ["label_names", "label_values", "push", "query"]

_FORM = PushForm("loki", receive_legacy, is_short)


async def push(request: Request, services: Services) -> Response:
    """Protobuf is that of today, JSON has another shape."""
    return await take(request, services, tenant_of_reader(request, services), _FORM)


async def query(request: Request, services: Services) -> Response:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    asked = parse_range_query(parameters, services.now_ns(), services.settings_of(tenant).query, partial_series=False)
    if regex := parameters.first("regexp"):
        asked = replace(asked, text=f"{asked.text} |~ {go_quote(regex)}")

    def run(cancel: Cancel) -> bytes:
        answer = services.engine.range(tenant, asked, cancel)
        if not isinstance(answer.data, Streams):
            raise QueryError("legacy endpoints only support streams result type")
        return render_legacy_streams(answer.data, answer.stats)

    return json_response(await run_cancellable(request, services, tenant, run))


async def label_names(request: Request, services: Services) -> Response:
    return await labels.label_names(request, services, render_legacy_values)


async def label_values(request: Request, services: Services) -> Response:
    return await labels.label_values(request, services, render_legacy_values)
