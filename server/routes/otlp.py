"""``POST /otlp/v1/logs``: as a push, but its errors are protobuf (that the store is not ready is one of them, so the
handler asks it), and those of our own making are worth a repeat.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from server.http.errors import is_internal, render_status
from server.push.otlp import receive_otlp
from server.routes.push import INLINE_BYTES, PushForm, take
from server.routes.reading import tenant_of_reader
from server.services import Services

__all__ = ["push_otlp"]


def _is_short(body: bytes, content_type: str | None, content_encoding: str) -> bool:
    return content_encoding == "" and len(body) <= INLINE_BYTES


_OTLP = PushForm("otlp", receive_otlp, _is_short)


async def push_otlp(request: Request, services: Services) -> Response:
    tenant = tenant_of_reader(request, services)
    try:
        services.require_ready()
        return await take(request, services, tenant, _OTLP)
    except Exception as error:
        if is_internal(error):
            services.metrics.requests.panics.add(1)
        return render_status(error)
