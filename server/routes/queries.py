"""``query_range`` and ``query``."""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import Response

from logql.cancel import Cancel
from logql.engine import Engine
from logql.errors import QueryError
from logql.requests import InstantQuery, RangeQuery
from logql.results import Answer, Streams
from server.http.cancellable import run_cancellable
from server.logs.query_log import log_query
from server.parameters.queries import parse_instant_query, parse_range_query
from server.parameters.tags import is_from_drilldown
from server.render import render_answer
from server.routes.reading import encoding_flags, json_response, read_parameters, tenants_of_reader
from server.services import Services

__all__ = ["query", "query_range"]


async def query_range(request: Request, services: Services) -> Response:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    limits = services.settings_of(tenant).query
    asked = parse_range_query(parameters, services.now_ns(), limits, _wants_partial(request))
    return await _answer(request, services, tenant, asked)


async def query(request: Request, services: Services) -> Response:
    tenant = tenants_of_reader(request, services)
    parameters = await read_parameters(request, services)
    limits = services.settings_of(tenant).query
    asked = parse_instant_query(parameters, services.now_ns(), limits, _wants_partial(request))
    return await _answer(request, services, tenant, asked)


async def _answer(request: Request, services: Services, tenant: str, asked: RangeQuery | InstantQuery) -> Response:
    flags = encoding_flags(request)
    shape = "range" if isinstance(asked, RangeQuery) else "instant"
    metrics, started = services.metrics, time.perf_counter()

    def run(cancel: Cancel) -> tuple[Answer, bytes]:
        found = _ask(services.engine, tenant, asked, cancel)
        return found, render_answer(found, flags)

    try:
        found, body = await run_cancellable(request, services, tenant, run)
    except QueryError as error:
        seconds = time.perf_counter() - started
        metrics.queries.seconds.observe(seconds, str(error.status), "unknown", shape)
        log_query(tenant, asked, error.status, seconds, None, str(error))
        raise
    seconds, kind = time.perf_counter() - started, "filter" if isinstance(found.data, Streams) else "metric"
    metrics.queries.seconds.observe(seconds, "200", kind, shape)
    metrics.queries.bytes_per_second.observe(found.stats.bytes_processed / seconds, "200", kind, shape)
    log_query(tenant, asked, 200, seconds, found.stats)
    return json_response(body)


def _ask(engine: Engine, tenant: str, asked: RangeQuery | InstantQuery, cancel: Cancel) -> Answer:
    if isinstance(asked, RangeQuery):
        return engine.range(tenant, asked, cancel)
    return engine.instant(tenant, asked, cancel)


def _wants_partial(request: Request) -> bool:
    return is_from_drilldown(request.headers.get("x-query-tags"))
