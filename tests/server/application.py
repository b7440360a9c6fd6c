"""The whole application in this process: the real store in a folder of its own, the real engine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from logql.engine import Engine
from server.app import create_app
from server.config import TenantSettings, load_settings
from server.keeping import policies_of
from storage.database import Database

__all__ = ["Api"]

_READY_WITHIN_S = 10


class Api:
    """Requests to an application that lives as long as this object; answers are complete."""

    def __init__(self, folder: Path, *assignments: str) -> None:
        self.settings = load_settings(assignments=assignments)
        tenants = TenantSettings(self.settings)
        self.database = Database(folder, self.settings.storage, policies=policies_of(tenants))
        self.engine = Engine(self.database, 2)
        self.app = create_app(tenants, self.database, self.engine)
        self._runner = asyncio.Runner()
        self._life = self.app.router.lifespan_context(self.app)

    def __enter__(self) -> Self:
        self._run(self._life.__aenter__())
        deadline = time.monotonic() + _READY_WITHIN_S
        while self.get("/ready").status_code != 200:
            assert time.monotonic() < deadline
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._life.__aexit__(None, None, None))
        self.close()

    def close(self) -> None:
        """Also of one that was never entered: its store then never started."""
        self.engine.close()
        self._runner.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **given)

        answer: httpx.Response = self._run(send())
        return answer

    def pause(self, seconds: float) -> None:
        """Let the application do what it does by itself."""
        self._run(asyncio.sleep(seconds))

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        return self.request("POST", path, **given)

    def push(self, labels: dict[str, str], *values: list[Any], **given: Any) -> httpx.Response:
        streams = [{"stream": labels, "values": list(values)}]
        return self.post("/loki/api/v1/push", json={"streams": streams}, **given)

    def leave_early(self, method: str, path: str, query_string: bytes) -> list[int]:
        """Send a request and hang up at once; answers the statuses that were sent into the void."""
        scope = {"type": "http", "method": method, "path": path, "query_string": query_string, "headers": []}
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": b"", "more_body": False},
            {"type": "http.disconnect"},
        ]
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        self._run(self.app(scope, receive, send))
        return statuses
