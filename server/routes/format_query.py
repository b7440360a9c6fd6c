"""``format_query``: a query in its canonical form. Errors are JSON here, unlike everywhere else."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response

from logql.errors import QueryError
from logql.pretty import pretty
from logql.syntax import parse
from server.http.cancellable import run_cancellable
from server.routes.reading import read_parameters
from server.services import Services

__all__ = ["format_query"]

_NOBODY = ""  # asked by no tenant: all who ask wait in one line


async def format_query(request: Request, services: Services) -> Response:
    text = (await read_parameters(request, services)).first("query")
    try:
        formatted = await run_cancellable(request, services, _NOBODY, lambda _: pretty(parse(text)))
    except QueryError as error:
        return _json({"status": "invalid-query", "error": str(error)}, error.status)
    return _json({"status": "success", "data": formatted}, 200)


def _json(document: dict[str, str], status: int) -> Response:
    body = orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
    return Response(body, status, {"Content-Type": "application/json; charset=utf-8"})
