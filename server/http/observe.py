"""ASGI middleware around everything: cleans paths, measures requests, logs them."""

from __future__ import annotations

import logging
import posixpath
import re
import time
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.routing import OTHER, ROUTE_KEY
from server.logs.events import fields
from server.metrics import Metrics

__all__ = ["CleanPaths", "Observe"]

log = logging.getLogger("skaldlog.http")

_UNCLEAN = re.compile(r"/(?:/|\.{1,2}(?:/|\Z))")
_STARTS = ("http.response.start", "websocket.http.response.start")
_UPGRADED = 101
_NO_ANSWER = 499
_OUR_FAULT = frozenset({500, 501, 502, 504})  # 503 is how probes and agents are told to wait


class CleanPaths:
    """A double slash or a dot as a part of a path is answered with a redirect to the clean one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _UNCLEAN.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        # Made of the decoded path: an encoded one would lead to itself for ever.
        location = quote(_clean(scope["path"]))
        if scope["query_string"]:
            location += "?" + scope["query_string"].decode("latin-1")
        await Response(status_code=301, headers={"Location": location})(scope, receive, send)


def _clean(path: str) -> str:
    """A path that begins with one slash and keeps the one at its end."""
    clean = posixpath.normpath("/" + path.lstrip("/"))
    return clean + "/" if path.endswith("/") and clean != "/" else clean


class Observe:
    """Times every request under its route's name."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        started, status, answered = time.perf_counter(), _NO_ANSWER, 0

        async def send_observed(message: Message) -> None:
            nonlocal status, answered
            if message["type"] in _STARTS:
                status = message["status"]
            elif message["type"] == "http.response.body":
                answered += len(message.get("body", b""))
            elif message["type"] == "websocket.accept":
                status = _UPGRADED
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        finally:
            self._finish(scope, status, time.perf_counter() - started, answered)

    def _finish(self, scope: Scope, status: int, seconds: float, answered: int) -> None:
        is_websocket = scope["type"] == "websocket"
        method, route = "GET" if is_websocket else scope["method"], scope.get(ROUTE_KEY, OTHER)
        self._metrics.requests.seconds.observe(seconds, method, route, str(status), str(is_websocket).lower())
        self._metrics.requests.request_bytes.observe(_content_length(scope), method, route)
        self._metrics.requests.response_bytes.observe(answered, method, route)
        level = logging.WARNING if status in _OUR_FAULT else logging.DEBUG
        if log.isEnabledFor(level):
            told = fields(method=method, path=scope["path"], status=status, duration_ms=seconds * 1000)
            log.log(level, "request", extra=told)


def _content_length(scope: Scope) -> int:
    """What the head announced; 0 where it announced nothing."""
    text = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(text) if text.isdigit() else 0
