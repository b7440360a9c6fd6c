"""What a tenant has on the stores, what retention would take, and merging: ``parts``, ``retention``, ``merge``."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.routes.reading import json_response, tenant_of_reader
from server.services import Services
from storage.part import PartIndex
from storage.retention import Step

__all__ = ["keep_now", "merge", "parts", "retention"]


async def parts(request: Request, services: Services) -> Response:
    tenant = tenant_of_reader(request, services)
    found = services.database.parts(tenant)
    return _json([{**_about(each.index), "store": each.store.kind} for each in found])


async def retention(request: Request, services: Services) -> Response:
    """What would go if ``POST`` asked for it now."""
    tenant = tenant_of_reader(request, services)
    steps = await services.threads.query(services.database.retention_plan, tenant)
    return _json([_step(step) for step in steps])


async def merge(request: Request, services: Services) -> Response:
    """Merge the tenant's parts now and as fast as possible, instead of bit by bit in the background."""
    tenant = tenant_of_reader(request, services)
    await services.threads.query(services.database.merge_now, tenant)
    return Response(status_code=204)


async def keep_now(request: Request, services: Services) -> Response:
    """Do what is due, for all tenants; without it, it is done every few minutes."""
    tenant_of_reader(request, services)
    await services.threads.query(services.database.keep_now)
    return Response(status_code=204)


def _about(index: PartIndex) -> dict[str, Any]:
    return {
        "key": index.key,
        "rows": index.rows,
        "streams": len(index.streams),
        "chunks": len(index.chunks),
        "line_bytes": sum(chunk.line_bytes for chunk in index.chunks),
        "stored_bytes": index.arrow_bytes,
        "index_bytes": sum(section.stored_bytes for section in index.sections.values()),
        "min_ts": str(index.min_ts),
        "max_ts": str(index.max_ts),
        "is_merged": bool(index.replaces),
    }


def _step(step: Step) -> dict[str, Any]:
    about = {"action": str(step.action), "reason": step.reason, "rows": step.rows, "stored_bytes": step.stored_bytes}
    return {"key": step.part.key, **about, "min_ts": str(step.part.min_ts), "max_ts": str(step.part.max_ts)}


def _json(data: list[Any]) -> Response:
    return json_response(orjson.dumps({"status": "success", "data": data}))
