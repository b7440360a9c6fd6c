"""Routes as values, and the ASGI endpoint that all of them share: run the handler, render what it raises."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.auth import NO_LONGER_VALID, Need, Watched
from server.http.compression import compressed
from server.http.errors import NotAuthenticated, NotReady, render_error
from server.services import Services

__all__ = ["OTHER", "ROUTE_KEY", "Endpoint", "Handler", "Route", "metric_name"]

Handler = Callable[[Request, Services], Awaitable[Response]]

ROUTE_KEY = "skaldlog.route"  # in the ASGI scope: the route's name in metrics
OTHER = "other"  # that name for unknown paths, redirects and wrong methods
_SEPARATORS = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Route:
    """``need`` is what its callers must be allowed; ``ends_line``: error texts end with a newline, as those of push and
    of operations do.

    ``is_websocket``: its requests may become WebSockets, and its handler's responses know how.
    """

    path: str
    methods: tuple[str, ...]
    handler: Handler
    need: Need
    ends_line: bool = False
    needs_store: bool = False
    is_websocket: bool = False


def metric_name(path: str) -> str:
    """``/loki/api/v1/label/{name}/values`` is ``loki_api_v1_label_name_values``."""
    return _SEPARATORS.sub("_", path).strip("_").lower()


class Endpoint:
    """A route as an ASGI application.

    The request for a WebSocket is judged as the ``GET`` that it is; refusals are sent before the upgrade.
    """

    def __init__(self, route: Route, services: Services) -> None:
        self._route, self._services = route, services
        self._metric_name = metric_name(route.path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[ROUTE_KEY] = self._metric_name
        asked = {**scope, "type": "http", "method": "GET"} if scope["type"] == "websocket" else scope
        inflight = self._services.metrics.requests.inflight
        inflight.add(1, asked["method"], self._metric_name)
        self._services.receiving.enter(asked)
        watched = Watched(receive, scope["type"])
        try:
            request = Request(asked, watched.receive)
            response = await self._answer(request, watched)
            if self._services.settings.http.compress_responses:
                response = await compressed(response, request, self._services.threads)
            await response(scope, watched.receive, send)
        finally:
            self._services.standing.remove(watched)
            self._services.receiving.leave(asked)
            inflight.add(-1, asked["method"], self._metric_name)

    async def _answer(self, request: Request, watched: Watched) -> Response:
        try:
            caller = await self._services.gate.admit(request.scope, self._route.need)
            if self._route.need is not Need.WRITE:  # short, and stored whatever is answered
                self._services.standing.add(watched, caller)
            if self._route.needs_store:
                self._services.require_ready()
            return await self._route.handler(request, self._services.within(caller.grant.matchers))
        except asyncio.CancelledError:
            # Nobody cancels a request but the server, when it stops and has waited long enough.
            return render_error(NotReady("Application is stopping"), self._route.ends_line)
        except Exception as error:
            told = NotAuthenticated(NO_LONGER_VALID) if watched.is_over else error
            response = render_error(told, self._route.ends_line)
            if response.status_code == 500:
                self._services.metrics.requests.panics.add(1)
            return response
