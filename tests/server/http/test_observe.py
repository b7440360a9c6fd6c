"""Paths that no client should send, as they come from the socket: clients in Python clean them themselves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from server.http.observe import CleanPaths

NO_REDIRECT = None


def location_of(path: str, query: str = "") -> str | None:
    """Where a request for the path is sent; None when it is served."""
    sent: list[Message] = []

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Any: ...

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode()}
    asyncio.run(CleanPaths(serve)(scope, receive, send))
    assert sent[0]["status"] in (200, 301)
    return dict(sent[0]["headers"]).get(b"location", b"").decode() or NO_REDIRECT


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("//loki///api", "/loki/api"),
        ("/loki/./api", "/loki/api"),
        ("/loki/v1/x/../labels", "/loki/v1/labels"),
        ("/../../loki//api/", "/loki/api/"),
        ("/loki/api/.", "/loki/api"),
        ("/loki/..", "/"),
        ("//evil.example/a", "/evil.example/a"),
        ("//", "/"),
        ("/", NO_REDIRECT),
        ("/loki/api/", NO_REDIRECT),
        ("/label/.hidden/values", NO_REDIRECT),
        ("/label/a..b/values", NO_REDIRECT),
        ("/label/.../values", NO_REDIRECT),
    ],
)
def test_unclean_paths_are_redirected_to_the_clean_one(path: str, location: str | None) -> None:
    assert location_of(path) == location


def test_the_question_goes_along() -> None:
    assert location_of("/a/./b", "x=/../y") == "/a/b?x=/../y"
