"""The API's own description: ``/openapi.json`` for programs, ``/docs`` for people."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.openapi.document import document
from server.openapi.page import page
from server.services import Services

__all__ = ["docs", "openapi"]

_ONLY_OUR_STYLE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


async def openapi(_: Request, __: Services) -> Response:
    return Response(orjson.dumps(document()), media_type="application/json")


async def docs(_: Request, __: Services) -> Response:
    return Response(page(document()), media_type="text/html", headers=_ONLY_OUR_STYLE)
