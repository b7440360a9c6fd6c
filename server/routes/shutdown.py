"""Stopping the server from afar: at once, or with everything in parts when it is stopped the next time."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from server.http.errors import NotReady, plain_text
from server.services import Services

__all__ = ["cancel_prepared", "is_prepared", "prepare", "shutdown"]


async def shutdown(request: Request, services: Services) -> Response:
    """Flush, unless asked not to, then stop, unless asked not to."""
    if services.is_stopping:
        raise NotReady("Ingester is stopping or already stopped.")
    asked = request.query_params
    if asked.get("flush", "true") == "true":
        await services.threads.query(services.database.flush)
    if asked.get("terminate", "true") == "true":
        services.stop()
    return Response(status_code=204)


async def is_prepared(_: Request, services: Services) -> Response:
    return plain_text("set" if services.flushes_at_stop else "unset")


async def prepare(_: Request, services: Services) -> Response:
    services.flushes_at_stop = True
    return Response(status_code=204)


async def cancel_prepared(_: Request, services: Services) -> Response:
    services.flushes_at_stop = False
    return Response(status_code=204)
