"""A push goes past the framework, everything else through it: an answer is the same both ways."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from server.http.front import Front
from tests.server.application import Api

PUSH, OTLP = "/loki/api/v1/push", "/otlp/v1/logs"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("data")) as made:
        yield made


def body(app: str = "web", ts: str = "") -> bytes:
    stream = {"stream": {"app": app}, "values": [[ts or str(time.time_ns()), "x"]]}
    return json.dumps({"streams": [stream]}).encode()


# To be replaced: a time would give the cases other names in every run.
LATER = body(ts="NOW")


@pytest.mark.parametrize(
    ("method", "path", "content", "headers"),
    [
        ("POST", PUSH, LATER, JSON),
        ("POST", PUSH, b"{}", JSON),
        ("POST", PUSH, b"", JSON),
        ("POST", PUSH, b"{}", {}),
        ("POST", PUSH, b"junk", {"Content-Type": "application/x-protobuf"}),
        ("POST", OTLP, b"{}", JSON),
        ("GET", OTLP, b"", {}),
        ("POST", PUSH, b"{}", {**JSON, "Content-Encoding": "br"}),
        ("POST", PUSH + "?x=1", LATER, JSON),
        ("GET", PUSH, b"", {}),
        ("PUT", PUSH, LATER, JSON),
        ("OPTIONS", PUSH, b"", {}),
        ("POST", PUSH + "/", LATER, JSON),
        ("POST", "/loki//api/v1/push", LATER, JSON),
        ("POST", "/loki/api/v1/pushed", LATER, JSON),
        ("GET", "/loki/api/v1/labels", b"", {}),
        ("GET", "/ready", b"", {}),
        ("GET", "/nosuch", b"", {}),
        ("GET", "/loki/api/v1/query_range?query=%7B", b"", {}),
    ],
)
def test_answers_are_the_same_with_and_without_it(
    api: Api, method: str, path: str, content: bytes, headers: dict[str, str]
) -> None:
    content = content.replace(b"NOW", str(time.time_ns()).encode())
    plain = api.request(method, path, content=content, headers=headers)
    front = api._run(_asked(Front(api.app, api.app.state.services), method, path, content, headers))
    assert (front.status_code, front.content, dict(front.headers)) == (
        plain.status_code,
        plain.content,
        dict(plain.headers),
    )


async def _asked(app: Any, method: str, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, path, content=content, headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "goes_through"),
    [
        ("POST", PUSH, False),
        ("POST", OTLP, False),
        ("GET", PUSH, True),
        ("GET", OTLP, True),
        ("POST", PUSH + "/", True),
        ("POST", "/loki/api/v1/query", True),
        ("GET", "/", True),
    ],
)
def test_only_pushes_go_past_the_framework(api: Api, method: str, path: str, goes_through: bool) -> None:
    asked: list[str] = []

    async def framework(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await api.app(scope, receive, send)

    api._run(_asked(Front(framework, api.app.state.services), method, path, body(), JSON))
    assert asked == [path] * goes_through


def test_what_is_no_request_goes_through(api: Api) -> None:
    kinds: list[str] = []

    async def framework(scope: Scope, receive: Receive, send: Send) -> None:
        kinds.append(scope["type"])

    async def nothing(*_: object) -> Any: ...

    api._run(Front(framework, api.app.state.services)({"type": "lifespan"}, nothing, nothing))
    assert kinds == ["lifespan"]


def test_pushes_past_the_framework_are_measured_like_others(tmp_path: Path) -> None:
    counted = (
        'loki_request_duration_seconds_count{method="POST",route="loki_api_v1_push",status_code="204",ws="false"} '
    )
    with Api(tmp_path) as api:
        api.post(PUSH, content=body(), headers=JSON)
        api._run(_asked(Front(api.app, api.app.state.services), "POST", PUSH, body("other"), JSON))
        assert counted + "2\n" in api.get("/metrics").text


def test_before_the_store_is_ready_both_ways_refuse(tmp_path: Path) -> None:
    api = Api(tmp_path)
    try:
        plain = api.post(PUSH, content=body(), headers=JSON)
        front = api._run(_asked(Front(api.app, api.app.state.services), "POST", PUSH, body(), JSON))
        assert (front.status_code, front.text) == (plain.status_code, plain.text)
        assert front.status_code == 503
    finally:
        api.close()
