"""What stands before the framework: the push routes, on a path of their own.

Three of four requests to a log store are pushes. The framework's middleware and router add about as much CPU time to
one as decoding its lines takes, and do nothing for it: so a push goes straight to its endpoint.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from server.http.observe import Observe
from server.http.routing import Endpoint
from server.routes import PUSHES
from server.services import Services

__all__ = ["Front"]


class Front:
    """The application as uvicorn sees it: everything but pushes goes on to ``app``."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._pushes = {
            (method, route.path): Observe(Endpoint(route, services), services.metrics)
            for route in PUSHES
            for method in route.methods
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = (scope["method"], scope["path"]) if scope["type"] == "http" else ("", "")
        await self._pushes.get(place, self._app)(scope, receive, send)
