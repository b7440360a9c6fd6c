"""Routes for operators and probes; none of them asks for a tenant."""

from __future__ import annotations

import logging

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.config import changed_text, defaults_text, settings_text
from server.http.errors import plain_text
from server.logs.events import LEVELS, set_log_level
from server.metrics.followed import follow_others
from server.services import Services
from server.version import VERSION

__all__ = ["build_info", "change_log_level", "config", "flush", "metrics", "ready", "services_list", "show_log_level"]

_EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
_MODULES = ("server", "distributor", "ingester", "store", "querier")


async def ready(_: Request, services: Services) -> Response:
    services.require_ready()
    return plain_text("ready\n")


async def build_info(_: Request, __: Services) -> Response:
    info = {"version": VERSION, "revision": "", "branch": "", "buildUser": "", "buildDate": "", "goVersion": ""}
    return Response(orjson.dumps(info), media_type="application/json")


async def metrics(_: Request, services: Services) -> Response:
    figures = await services.threads.query(services.database.metrics)
    follow_others(services)
    return Response(services.metrics.exposition(figures), headers={"Content-Type": _EXPOSITION})


async def flush(_: Request, services: Services) -> Response:
    await services.threads.query(services.database.flush)
    return Response(status_code=204)


async def services_list(_: Request, services: Services) -> Response:
    state = "Running" if services.database.is_ready else "Starting"
    return plain_text("".join(f"{module} => {state}\n" for module in _MODULES))


async def config(request: Request, services: Services) -> Response:
    mode = request.query_params.get("mode")
    if mode == "defaults":
        return plain_text(defaults_text())
    return plain_text(changed_text(services.settings) if mode == "diff" else settings_text(services.settings))


async def show_log_level(_: Request, __: Services) -> Response:
    level = logging.getLogger("skaldlog").getEffectiveLevel()
    name = next((name for name, number in LEVELS.items() if number == level), "info")
    return _json({"message": f"Current log level is {name}"})


async def change_log_level(request: Request, _: Services) -> Response:
    name = request.query_params.get("log_level", "")
    if name not in LEVELS:
        return _json({"status": "failed", "message": f'unrecognized log level "{name}"'}, 400)
    set_log_level(name)
    return _json({"status": "success", "message": f"Log level set to {name}"})


def _json(document: dict[str, str], status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, media_type="application/json")
