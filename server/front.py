"""What stands before the framework: the push route, on a path of its own.

Three of four requests to a log store are pushes. The framework's middleware and router add about as much CPU time to
one as decoding its lines takes, and do nothing for it: so a push goes straight to its endpoint.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from server.observe import Observe
from server.routes import PUSH
from server.routing import Endpoint
from server.services import Services

__all__ = ["Front"]


class Front:
    """The application as uvicorn sees it: everything but pushes goes on to ``app``."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._push = Observe(Endpoint(PUSH, services), services.metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_push = scope["type"] == "http" and scope["path"] == PUSH.path and scope["method"] in PUSH.methods
        await (self._push if is_push else self._app)(scope, receive, send)
