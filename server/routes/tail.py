"""``tail``: its query is judged as the reference judges it before the upgrade; following is not offered yet."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from logql.syntax import parse, validate
from server.cancellable import run_cancellable
from server.errors import BadRequest
from server.routes.reading import read_parameters, tenant_of_reader
from server.services import Services

__all__ = ["tail"]


async def tail(request: Request, services: Services) -> Response:
    tenant = tenant_of_reader(request, services)
    text = (await read_parameters(request, services)).first("query")
    await run_cancellable(request, services, tenant, lambda _: validate(parse(text)))
    raise BadRequest("this version of Skaldlog cannot tail yet: ask query_range again and again instead")
