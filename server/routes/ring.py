"""Rings and member lists: who is in the cluster. This server is, alone."""

from __future__ import annotations

import html
import socket
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.http.errors import plain_text
from server.notation.moments import format_moment
from server.services import Services
from server.units import NS

__all__ = ["member_list", "ring"]

_NEVER = "0001-01-01T00:00:00Z"


async def ring(request: Request, services: Services) -> Response:
    document = _document(services)
    if "json" in request.headers.get("accept", ""):
        return Response(orjson.dumps(document), media_type="application/json")
    return Response(_page(document), media_type="text/html")


async def member_list(_: Request, __: Services) -> Response:
    return plain_text("This instance doesn't use memberlist.")


def _document(services: Services) -> dict[str, Any]:
    http, now = services.settings.http, format_moment(services.now_ns() // NS)
    member: dict[str, Any] = {
        "id": socket.gethostname(),
        "state": "ACTIVE" if services.database.is_ready and not services.is_stopping else "PENDING",
        "address": f"{http.listen_address}:{http.listen_port}",
        "timestamp": now,
        "registered_timestamp": format_moment(services.started_ns // NS),
        "read_only": False,
        "read_only_updated_timestamp": _NEVER,
        "zone": "",
        "tokens": [],
    }
    return {"shards": [member], "now": now}


def _page(document: dict[str, Any]) -> str:
    (member,) = document["shards"]
    cells = "".join(f"<td>{html.escape(str(member[name]))}</td>" for name in ("id", "state", "address", "timestamp"))
    return (
        "<!doctype html><html><head><title>Ring</title></head><body><h1>Ring</h1><p>This server is alone.</p><table>"
        f"<tr><th>Instance</th><th>State</th><th>Address</th><th>Seen</th></tr><tr>{cells}</tr></table></body></html>"
    )
