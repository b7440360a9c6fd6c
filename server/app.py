"""The application: routes, middleware, and the lifetime of the store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from logql.engine import Engine
from server.config import TenantSettings
from server.durable import Gathering
from server.http.errors import plain_text
from server.http.observe import CleanPaths, Observe
from server.http.routing import Endpoint
from server.logs.own_logs import OwnLogs
from server.machine.memory import give_back_now_and_then
from server.overrides import keep_overrides_fresh
from server.routes import ROUTES
from server.services import Services
from storage.database import Database

__all__ = ["create_app"]

log = logging.getLogger("skaldlog")


def _ignore(_: BaseException) -> None:
    """The failure is in the log."""


def create_app(
    tenants: TenantSettings,
    database: Database,
    engine: Engine,
    on_failed_start: Callable[[BaseException], None] = _ignore,
) -> FastAPI:
    """An application over a store that it starts and stops; ``app.state.services`` holds what its routes use."""
    services = Services(tenants, database, engine)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Answers begin before the log is replayed: a probe sees "not ready" then, not a closed port.
        database.gather_by(Gathering())
        started = asyncio.ensure_future(_start(services, on_failed_start))
        chores = (
            give_back_now_and_then(),
            keep_overrides_fresh(services),
            services.standing.keep_looking(),
            OwnLogs(services).keep(),
        )
        tending = [asyncio.ensure_future(work) for work in chores]
        try:
            yield
        finally:
            for work in tending:
                work.cancel()
            services.database.interrupt()
            await started
            await _stop(services)

    app = FastAPI(
        title="Skaldlog",
        openapi_url=None,  # the document is server/openapi
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={404: _not_found, 405: _wrong_method},
    )
    app.state.services = services
    for route in ROUTES:
        endpoint = Endpoint(route, services)
        app.router.add_route(route.path, endpoint, list(route.methods))  # type: ignore[arg-type]
        if route.is_websocket:
            app.router.add_websocket_route(route.path, endpoint)  # type: ignore[arg-type]
    app.add_middleware(CleanPaths)
    app.add_middleware(Observe, metrics=services.metrics)
    return app


async def _start(services: Services, on_failed_start: Callable[[BaseException], None]) -> None:
    try:
        await services.threads.query(services.database.start)
    except Exception as error:
        log.critical("the store cannot start: %s", error, exc_info=error)
        on_failed_start(error)


async def _stop(services: Services) -> None:
    services.is_stopping = True
    if services.flushes_at_stop and services.database.is_ready:
        await services.threads.query(services.database.flush)
    await services.threads.query(services.engine.close)
    await services.threads.query(services.database.stop)
    services.threads.close()
    services.gate.close()


async def _not_found(_: Request, __: Exception) -> Response:
    return plain_text("404 page not found\n", 404, {"X-Content-Type-Options": "nosniff"})


async def _wrong_method(_: Request, __: Exception) -> Response:
    return Response(status_code=405)
