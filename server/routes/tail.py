"""``tail``: judged as any question, then followed over a WebSocket."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from logql.syntax import parse, validate
from server.http.cancellable import run_cancellable
from server.parameters.tail import parse_tail
from server.render.tail import RenderTail, legacy_tail_message, tail_message
from server.routes.reading import encoding_flags, read_parameters, tenant_of_reader
from server.services import Services
from server.tail.session import TailSession

__all__ = ["legacy_tail", "tail"]


async def tail(request: Request, services: Services) -> Response:
    return await _tail(request, services, tail_message(encoding_flags(request)))


async def legacy_tail(request: Request, services: Services) -> Response:
    return await _tail(request, services, legacy_tail_message)


async def _tail(request: Request, services: Services, render: RenderTail) -> Response:
    tenant = tenant_of_reader(request, services)
    parameters = await read_parameters(request, services)
    text = parameters.first("query")
    await run_cancellable(request, services, tenant, lambda _: validate(parse(text)))
    asked = parse_tail(parameters, services.now_ns(), services.settings_of(tenant).query)
    return _Upgrade(TailSession(services, tenant, asked, render))


class _Upgrade(Response):
    """Runs a tail on a WebSocket; for a request that is none, a refusal."""

    def __init__(self, session: TailSession) -> None:
        headers = {"Sec-Websocket-Version": "13", "X-Content-Type-Options": "nosniff"}
        super().__init__("Bad Request\n", 400, headers, "text/plain; charset=utf-8")
        self._session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._session.run(receive, send)
        else:
            await super().__call__(scope, receive, send)
