"""What is stored and how much of it: index statistics and volumes."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response

from logql.cancel import Cancel
from logql.index_stats import IndexStats
from server.http.cancellable import run_cancellable
from server.http.errors import NotFound
from server.parameters.form import Parameters
from server.parameters.limited_window import parse_limited_window
from server.parameters.numbers import parse_shard_size
from server.parameters.volume import parse_volume
from server.render import render_answer
from server.routes.reading import json_response, read_parameters, tenants_of_reader
from server.services import Services

__all__ = ["index_shards", "index_stats", "volume", "volume_range"]


_LAST_HASH = 2**64 - 1


async def index_stats(request: Request, services: Services) -> Response:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    return await _counted(request, services, tenant, parameters, lambda stats: stats)


async def index_shards(request: Request, services: Services) -> Response:
    """All that a selector selects as one shard: a query takes all cores as it is."""
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    parse_shard_size(parameters.first("targetBytesPerShard"))
    bounds = {"min": 0, "max": _LAST_HASH}
    return await _counted(
        request,
        services,
        tenant,
        parameters,
        lambda stats: {"shards": [{"bounds": bounds, "stats": stats}], "statistics": {}, "chunkGroups": None},
    )


async def _counted(
    request: Request, services: Services, tenant: str, parameters: Parameters, shape: Callable[[IndexStats], object]
) -> Response:
    limits = services.settings_of(tenant).query
    window = parse_limited_window(parameters, services.now_ns(), limits)
    selector = parameters.first("query")

    def run(cancel: Cancel) -> bytes:
        stats = services.engine.index_stats(tenant, selector, window.start_ns, window.end_ns, limits, cancel)
        return orjson.dumps(shape(stats), option=orjson.OPT_APPEND_NEWLINE)

    return json_response(await run_cancellable(request, services, tenant, run))


async def volume(request: Request, services: Services) -> Response:
    return await _volume(request, services, has_steps=False)


async def volume_range(request: Request, services: Services) -> Response:
    return await _volume(request, services, has_steps=True)


async def _volume(request: Request, services: Services, *, has_steps: bool) -> Response:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    limits = services.settings_of(tenant).query
    if not limits.volume_enabled:
        raise NotFound("not found")
    asked = parse_volume(parameters, services.now_ns(), limits, has_steps=has_steps)

    def run(cancel: Cancel) -> bytes:
        return render_answer(services.engine.volume(tenant, asked, cancel)) + b"\n"

    return json_response(await run_cancellable(request, services, tenant, run))
