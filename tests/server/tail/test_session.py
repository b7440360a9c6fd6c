"""The life of a tail, with a reader whose every message is ours to take or to leave."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from logql.tail import inbox as inbox_module
from server.tail import session as session_module
from tests.server.application import Api
from tests.server.auth.application import GuardedApi, bearer, make_token

LIMIT_S = 60
QUERY = '{app="x"}'


class Reader:
    """The client's end of a WebSocket. ``takes`` lets the server's next messages through."""

    def __init__(self, api: Api, query: str = QUERY, headers: dict[str, str] | None = None, **more: object) -> None:
        self.messages: list[dict[str, Any]] = []
        self.takes = asyncio.Event()
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        scope = {
            "type": "websocket",
            "path": "/loki/api/v1/tail",
            "query_string": urlencode({"query": query, **more}).encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
        }
        self.over = asyncio.ensure_future(api.app(scope, self._incoming.get, self._send))

    async def _send(self, message: Any) -> None:
        self.messages.append(dict(message))
        await self.takes.wait()

    def leave(self) -> None:
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(each["text"]) for each in self.messages if each["type"] == "websocket.send"]

    @property
    def lines(self) -> list[str]:
        return [value[1] for message in self.sent for stream in message["streams"] for value in stream["values"]]


async def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def _push(api: Api, *lines: str, labels: dict[str, str] | None = None, **headers: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url="http://test") as client:
        now = time.time_ns()
        values = [[str(now + place), line] for place, line in enumerate(lines)]
        body = {"streams": [{"stream": labels or {"app": "x"}, "values": values}]}
        answer = await client.post("/loki/api/v1/push", json=body, headers=headers)
        assert answer.status_code == 204, answer.text


def _run(api: Api, scene: Callable[[], Awaitable[None]]) -> None:
    api._run(asyncio.wait_for(scene(), LIMIT_S))


def _active(api: Api) -> float:
    return api.app.state.services.metrics.tails.active._values[()]  # type: ignore[no-any-return]


@pytest.fixture
def open_api(tmp_path: Path) -> Iterator[Api]:
    with Api(tmp_path) as made:
        yield made


def test_a_slow_reader_is_told_what_it_missed(open_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "_HELD_BYTES", 10_000)

    async def scene() -> None:
        reader = Reader(open_api)
        reader.takes.set()
        await _push(open_api, "first")
        await _until(lambda: reader.lines == ["first"])
        reader.takes.clear()
        pushed = [f"{number} {'x' * 1000}" for number in range(40)]
        for line in pushed:
            await _push(open_api, line)
        assert len(reader.sent) <= 2, "the message that it did not take"
        reader.takes.set()
        await _until(lambda: any("dropped_entries" in message for message in reader.sent))
        await _push(open_api, "last")
        await _until(lambda: reader.lines[-1] == "last")
        dropped = [each for message in reader.sent for each in message.get("dropped_entries", ())]
        assert len(reader.lines) + len(dropped) == len(pushed) + 2
        assert {each["labels"]["app"] for each in dropped} == {"x"}
        shown = [line for line in reader.lines if line in pushed]
        assert shown == sorted(shown, key=pushed.index)
        reader.leave()
        await reader.over

    _run(open_api, scene)


@pytest.mark.parametrize("takes", [True, False])
def test_a_reader_that_leaves_frees_everything(open_api: Api, takes: bool) -> None:
    async def scene() -> None:
        reader = Reader(open_api)
        reader.takes.set()
        await _until(lambda: _active(open_api) == 1)
        if not takes:
            reader.takes.clear()
        await _push(open_api, "one")
        await _until(lambda: reader.lines == ["one"])
        reader.leave()
        await reader.over
        assert _active(open_api) == 0
        assert (len(open_api.app.state.services.tails), open_api.app.state.services.tails.streams) == (0, 0)
        assert open_api.database.tenant("fake").followers.now == ()

    _run(open_api, scene)


def test_streams_of_tails_are_counted(open_api: Api) -> None:
    async def scene() -> None:
        reader = Reader(open_api)
        reader.takes.set()
        await _push(open_api, "begun")
        await _until(lambda: reader.lines == ["begun"])
        for app in ("x", "y"):
            await _push(open_api, "live", labels={"app": app})
            await _push(open_api, "live", labels={"app": app, "n": "2"})
        await _until(lambda: len(reader.lines) == 3)
        assert open_api.app.state.services.tails.streams == 2
        reader.leave()
        await reader.over

    _run(open_api, scene)


def test_a_failure_is_a_reason_and_frees_everything(open_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("out of ink")

    async def scene() -> None:
        reader = Reader(open_api)
        reader.takes.set()
        await _until(lambda: _active(open_api) == 1)
        monkeypatch.setattr(session_module, "message_lots", fail)
        await _push(open_api, "one")
        await reader.over
        assert reader.messages[-1] == {
            "type": "websocket.close",
            "code": 1011,
            "reason": "internal error: RuntimeError: see the server's log",
        }
        assert open_api.database.tenant("fake").followers.now == ()

    _run(open_api, scene)


def test_a_tail_is_held_to_its_callers_rights(tmp_path: Path) -> None:
    red = make_token(tmp_path, "red", "a", selector='{team="red"}')
    writer = make_token(tmp_path, "writer", "a", rights="write")

    async def scene(api: Api) -> None:
        for headers, status in (
            ({"X-Scope-OrgID": "a"}, 401),
            (bearer("wrong", "a"), 401),
            (bearer(writer, "a"), 403),
            (bearer(red, "b"), 403),
        ):
            reader = Reader(api, headers=headers)
            reader.takes.set()
            await reader.over
            assert reader.messages[0]["type"] == "websocket.http.response.start"
            assert reader.messages[0]["status"] == status
        reader = Reader(api, headers=bearer(red, "a"))
        reader.takes.set()
        await _until(lambda: _active(api) == 1)
        await _push(api, "not yours", labels={"app": "x", "team": "blue"}, **bearer(writer, "a"))
        await _push(api, "yours", labels={"app": "x", "team": "red"}, **bearer(writer, "a"))
        await _until(lambda: reader.lines == ["yours"])
        reader.leave()
        await reader.over

    with GuardedApi(tmp_path) as api:
        _run(api, lambda: scene(api))
